"""What does the shop's first page show? New goods, a way into each category, and what costs less now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pasar.shop.catalog.cards import picture, product_card
from pasar.shop.catalog.category_tree import CategoryNode, CategoryTree
from pasar.shop.catalog.product_facts import StockedProduct
from pasar.web.pictures import Picture, ProductCard

__all__ = ["LOOKED_AT", "CategoryTile", "HomeGoods", "home_goods"]

LOOKED_AT = 60
"""So many of the newest products are looked through: the page costs one search, however large the shop."""
NEW, ON_SALE, IN_HERO = 8, 4, 2


@dataclass(frozen=True, slots=True)
class CategoryTile:
    """A category with the picture of its newest product."""

    title: str
    path: str
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class HomeGoods:
    """The page's goods; `hero` are pictured ones that can be bought."""

    hero: tuple[ProductCard, ...]
    new: tuple[ProductCard, ...]
    on_sale: tuple[ProductCard, ...]
    categories: tuple[CategoryTile, ...]


def home_goods(
    newest: Sequence[StockedProduct], tree: CategoryTree, currency: str, media_base: str
) -> HomeGoods:
    """Sort `newest`, newest first, into the sections of the page; goods that can be bought come first."""
    cards = [card for product in newest if (card := product_card(product, currency, media_base))]
    ready = [card for card in cards if card.in_stock]
    sale = [card for card in ready if card.compare_at is not None and card.compare_at > card.price]
    return HomeGoods(
        hero=tuple([card for card in ready if card.picture][:IN_HERO]),
        new=tuple((ready or cards)[:NEW]),
        on_sale=tuple(sale[:ON_SALE]),
        categories=tuple(_tile(node, newest, tree, media_base) for node in tree.roots),
    )


def _tile(
    node: CategoryNode, newest: Sequence[StockedProduct], tree: CategoryTree, media_base: str
) -> CategoryTile:
    shown = next(
        (
            product.facts.pictures[0]
            for product in newest
            if product.facts.pictures
            and product.facts.category
            and node.id in tree.path_ids(product.facts.category.id)
        ),
        None,
    )
    return CategoryTile(
        node.title, f"/categories/{node.handle}", picture(shown, media_base) if shown else None
    )
