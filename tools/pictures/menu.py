"""Which dish is laid how, and on which table."""

from dataclasses import replace

import dishes as d
import sweets
import ware
from dishes import Lay, onto
from relief import Look

SAUCE = Look("c23a17", "disc", -4, 0.22, 0.6, 0.04, "a5300f", 1.2)
WHITE = Look("f4dfb0", "disc", -4, 0.15, 0.5, 0.04, "e0b56a", 1.2)
MOZZA, CHEESE = (15, 200, (42, 34), d.CHEESE), (26, 205, (32, 24), d.CHEESE)
LEAVES = (9, 190, (38, 20), replace(d.GREEN, colour="3f8f2a"))
MUSHROOM = (26, 190, (32, 22), Look("a87a4e", "dome", 18, 0.3, 0.5, 0.12, "6a4426"))
SHAVED = (16, 160, (30, 16), Look("fbeec4", "disc", 4, 0.05, 0.4, 0.1))
FETA = (18, 160, (20, 16), Look("fdf8ea", "box", 16, 0.08, 0.2, 0.2))
NUTS = (18, 160, (20, 15), Look("a8682c", "dome", 18, 0.4, 0.5, 0.2))
HERB = (40, 190, (17, 8), Look("4f8a2b", "leaf", 5, 0.3))
GARLIC = (26, 190, (15, 9), Look("fbf0d0", "disc", 4, 0.1, 0.4))
OIL = (26, 200, (12, 10), Look("d8a02a", "disc", 1, 0.1, 1.0))
CRUMB = (16, 150, (26, 24), Look("d7993f", "box", 24, 0.35, 0.2, 0.06, "99591e", 2))
SEEDS = (60, 150, (7, 4), Look("e9d6a0", "dome", 4, 0.2))
RED = (45, 170, (9, 8), Look("b3122e", "dome", 8, 0.1, 0.9))
CHILLI = (24, 180, (14, 6), Look("c9200f", "ring", 5, 0.2, 0.8))
CREAM = Look("f6e9cc", "disc", 0, 0.06, 0.6, 0, "", 1.6)
AVO = (120, 165, (30, 24), Look("9dba4e", "dome", 12, 0.25, 0.5, 0.15))
BEET = (22, 170, (42, 34), Look("7d1238", "disc", 18, 0.25, 0.8, 0.06, "560a26"))
OLIVE = (34, 180, (34, 27), Look("6f7d2c", "dome", 40, 0.2, 0.9, 0.02))
BLACK = (24, 180, (32, 26), Look("2d2630", "dome", 40, 0.2, 0.9, 0.02))
PADRON = (26, 185, (84, 24), Look("5c8a2a", "rod", 34, 0.4, 0.7, 0.1, "2f4a18", 2))
SQUID = (34, 150, (44, 40), replace(d.FRIED, kind="ring", colour="e2b060"))
SALT = (50, 170, (4, 4), Look("fbf8f0", "box", 3))
ROMAINE = replace(d.GREEN, colour="86b04a", edge="dbe6a4")
SAUSAGE = (30, 190, (20, 17), Look("a5522c", "dome", 18, 0.4, 0.5, 0.15, "6a2c14"))
NDUJA = (36, 195, (24, 18), Look("b8210c", "dome", 9, 0.35, 0.9, 0.2))
GRAINS = (420, 205, (13, 7), Look("e3c78c", "rod", 9, 0.12, 0.6))
OATS = (260, 200, (15, 10), Look("bd8a48", "disc", 8, 0.4, 0.2))
BERRIES = (16, 120, (24, 24), Look("3a3f70", "dome", 28, 0.3, 0.4))
STRAW = (12, 130, (34, 26), Look("c8202c", "dome", 28, 0.2, 0.7))
FISH = (16, 170, (46, 34), Look("fbf3e2", "dome", 20, 0.08, 0.4, 0.1, "e5c9a0"))
SHELL = (12, 170, (52, 26), Look("2a323e", "leaf", 20, 0.2, 0.9))
POTS = (16, 180, (28, 26), d.POTATO)

DISHES: dict[str, tuple[str, Lay]] = {
    "full-mill-breakfast": ("wood", d.breakfast),
    "sourdough-avocado": (
        "linen",
        onto(d.toast, [AVO, (30, 150, (7, 4), SEEDS[3]), (24, 150, (7, 4), CHILLI[3])]),
    ),
    "buttermilk-pancakes": ("linen", d.pancakes),
    "shakshuka": (
        "wood",
        lambda s, p: (
            onto(d.in_bowl, SAUCE, [(40, 215, (46, 12), d.TOMATO), FETA], "262b2d")(s, p),
            d.egg(s, p, (-85, -40)),
            d.egg(s, p, (90, 45)),
            ware.herbs(s, p, 190, 30),
        )[0],
    ),
    "hazelnut-granola": ("linen", onto(d.in_bowl, CREAM, [OATS, NUTS, STRAW, BERRIES], "6f8791")),
    "smoked-salmon-bagel": ("slate", d.bagel),
    "fire-roast-olives": (
        "wood",
        onto(
            d.in_bowl,
            Look("a08a2a", "disc", 0, 0.1, 1),
            [OLIVE, BLACK, (10, 170, (36, 7), Look("e8892a", "rod", 9)), HERB],
        ),
    ),
    "whipped-feta": (
        "linen",
        onto(
            d.in_bowl,
            CREAM,
            [
                (34, 170, (70, 40), Look("fbf5e6", "dome", 16, 0.03, 0.4, 0.1)),
                (24, 130, (36, 10), Look("c9820f", "disc", 1, 0.1, 1, 0.2)),
                (20, 150, (17, 8), HERB[3]),
            ],
            "54666d",
        ),
    ),
    "crispy-squid": ("wood", onto(d.fried, [SQUID, (30, 160, (30, 12), d.FRIED)])),
    "beef-croquettes": (
        "slate",
        onto(d.fried, [(9, 140, (74, 36), replace(d.FRIED, kind="rod", height=44))], "d9a21f"),
    ),
    "charred-padron": ("linen", onto(d.in_bowl, Look("4d6a26", "disc", 0), [PADRON, SALT])),
    "prawn-toast": (
        "slate",
        onto(
            d.fried,
            [
                (10, 150, (78, 66), replace(d.FRIED, kind="wedge", height=34)),
                (130, 170, (7, 4), SEEDS[3]),
            ],
            "c23a17",
        ),
    ),
    "tomato-soup": ("wood", d.soup),
    "seafood-chowder": ("slate", onto(d.in_bowl, CREAM, [FISH, POTS, SHELL, HERB], "5d737c")),
    "caesar-salad": ("wood", onto(d.salad, [CRUMB, SHAVED], ROMAINE)),
    "beet-walnut-salad": ("linen", onto(d.salad, [BEET, FETA, NUTS])),
    "lentil-herb-salad": (
        "wood",
        onto(
            d.in_bowl,
            Look("4a4a26", "disc", 0),
            [
                (420, 210, (11, 10), Look("6d6a34", "dome", 10, 0.3)),
                (14, 180, (64, 17), Look("dc7426", "rod", 24, 0.3, 0.5, 0.08, "a04a14")),
                HERB,
                HERB,
            ],
        ),
    ),
    "pizza-margherita": ("slate", onto(d.pizza, SAUCE, [MOZZA, LEAVES])),
    "pizza-marinara": ("wood", onto(d.pizza, SAUCE, [GARLIC, OIL, HERB])),
    "pizza-nduja": ("slate", onto(d.pizza, SAUCE, [MOZZA, NDUJA, OIL])),
    "pizza-mushroom": ("wood", onto(d.pizza, WHITE, [CHEESE, MUSHROOM, HERB])),
    "pizza-salsiccia": ("slate", onto(d.pizza, WHITE, [CHEESE, SAUSAGE, LEAVES, CHILLI])),
    "ribeye-steak": ("slate", d.steak),
    "lamb-shoulder": ("wood", onto(d.roast, d.MEAT, 5)),
    "chicken-half": (
        "linen",
        onto(d.roast, Look("c47a2a", "dome", 62, 0.3, 0.8, 0.08, "8a4512", 1.5), 4),
    ),
    "mill-burger": ("slate", d.burger),
    "beef-stout-pie": ("wood", d.pie),
    "fish-and-chips": ("wood", d.fish_and_chips),
    "seared-salmon": ("linen", onto(d.whole_fish, fillet=True)),
    "mussels-cider": ("wood", d.mussels),
    "grilled-octopus": ("slate", d.octopus),
    "dish-of-the-boat": ("wood", onto(d.whole_fish, fillet=False)),
    "aubergine-parmigiana": (
        "linen",
        onto(
            d.in_bowl,
            SAUCE,
            [
                (12, 170, (80, 56), Look("5a2a3a", "disc", 12, 0.3, 0.6, 0.08)),
                CHEESE,
                CHEESE,
                LEAVES,
            ],
            "3d4a50",
        ),
    ),
    "mushroom-risotto": ("slate", onto(d.in_bowl, CREAM, [GRAINS, MUSHROOM, SHAVED, HERB])),
    "chickpea-curry": ("wood", d.curry),
    "cauliflower-steak": (
        "linen",
        lambda s, p: (
            ware.plate(s, p, "55666d"),
            d.put(s, p, (0, 10), (195, 165), Look("f3e4bc", "disc", 3, 0.05, 0.5, 0.12)),
            d.heap(
                s,
                p,
                [
                    (60, 140, (44, 40), Look("e6c27c", "dome", 30, 0.5, 0.3, 0.15, "a06a2a", 4)),
                    RED,
                    NUTS,
                    HERB,
                ],
            ),
        )[0],
    ),
    "hand-cut-chips": ("wood", d.chips),
    "buttered-greens": (
        "slate",
        onto(
            d.in_bowl,
            Look("4d7a26", "disc", 0),
            [
                (70, 190, (92, 11), Look("5d9a2c", "rod", 16, 0.3, 0.8)),
                (40, 180, (66, 30), d.GREEN),
                GARLIC,
                (4, 90, (26, 22), Look("fbe38c", "box", 14, 0.05, 0.8)),
            ],
        ),
    ),
    "sourdough-loaf": ("linen", sweets.loaf),
    "sticky-toffee": ("slate", sweets.toffee),
    "lemon-tart": (
        "linen",
        onto(
            sweets.tart,
            Look("f4c92e", "wedge", 4, 0.12, 0.9, 0.01, "d9962a", 0.4),
            [(5, 40, (17, 17), RED[3])],
        ),
    ),
    "chocolate-hazelnut": ("linen", sweets.pot),
    "ice-cream": ("slate", sweets.scoops),
    "flat-white": ("wood", onto(sweets.coffee, milk="heart")),
    "filter-coffee": ("linen", onto(sweets.coffee, milk="")),
    "mint-tea": ("wood", sweets.mint),
    "hot-chocolate": ("slate", onto(sweets.coffee, milk="cream")),
    "rhubarb-lemonade": ("linen", onto(sweets.cold, "ee8a96", "f2cf3e", leaves=3)),
    "ginger-beer": ("slate", onto(sweets.cold, "d9a544", "b9cf4a", leaves=2)),
    "cold-brew": ("linen", onto(sweets.cold, "4a2410", "f0912a", leaves=0)),
}
DRAWN = {"ginger-beer", "rhubarb-lemonade", "cold-brew", "mint-tea"}
"""On laid tables they are reliefs; their own pictures are drawings (drinks.py)."""
TABLES: dict[str, tuple[str, tuple[int, int], list[tuple[str, float, float, float]]]] = {
    "hero": (
        "wood",
        (1600, 900),
        [
            ("pizza-margherita", 800, 450, 0.95),
            ("tomato-soup", 250, 230, 0.72),
            ("caesar-salad", 1360, 220, 0.74),
            ("mussels-cider", 1350, 700, 0.78),
            ("full-mill-breakfast", 270, 700, 0.68),
            ("rhubarb-lemonade", 575, 110, 0.42),
            ("flat-white", 1030, 830, 0.4),
            ("ginger-beer", 1090, 95, 0.4),
            ("fire-roast-olives", 560, 825, 0.36),
        ],
    ),
    "house-mill-lane": (
        "linen",
        (1200, 675),
        [
            ("sourdough-loaf", 380, 330, 0.95),
            ("pizza-mushroom", 930, 270, 0.7),
            ("flat-white", 820, 580, 0.36),
            ("whipped-feta", 1090, 570, 0.36),
        ],
    ),
    "house-harbour": (
        "slate",
        (1200, 675),
        [
            ("dish-of-the-boat", 390, 330, 0.98),
            ("mussels-cider", 900, 230, 0.78),
            ("cold-brew", 760, 560, 0.42),
            ("hand-cut-chips", 1060, 545, 0.42),
        ],
    ),
}
