"""What every module stands on and that knows no business."""
