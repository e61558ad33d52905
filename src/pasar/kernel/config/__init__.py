"""Settings from the environment, read once at the start and passed on as a frozen value."""

from pasar.kernel.config.loading import kept_secret, load_settings
from pasar.kernel.config.settings import Environment, Settings, SettingsError

__all__ = ["Environment", "Settings", "SettingsError", "kept_secret", "load_settings"]
