"""What mail is made of, and caniemail's names for it: properties, values, elements, attributes, media features."""

from __future__ import annotations

_PLAIN = """accent-color align-items aspect-ratio backdrop-filter background-blend-mode background-clip background-color
background-image background-origin background-position background-repeat background-size background border-collapse
border-image border-radius border-spacing box-shadow box-sizing caption-side clear clip-path color-scheme column-count
cursor direction empty-cells filter flex-wrap float font-kerning font-size-adjust font-size font-stretch font-weight
font height hyphenate-character hyphenate-limit-chars hyphens justify-content letter-spacing line-height
list-style-image list-style-position list-style-type list-style mask-image max-block-size max-height max-inline-size
max-width min-block-size min-height min-inline-size min-width mix-blend-mode object-fit object-position opacity orphans
outline-offset outline overflow-wrap overflow position resize shape-margin shape-outside tab-size table-layout
text-align-last text-align text-decoration-color text-decoration-line text-decoration-skip-ink text-decoration-style
text-decoration-thickness text-decoration text-emphasis-position text-emphasis text-indent text-justify
text-orientation text-overflow text-shadow text-transform text-underline-offset text-underline-position text-wrap
transform user-select vertical-align visibility white-space-collapse white-space widows width word-break word-spacing
word-wrap writing-mode z-index display animation transition inset padding margin border"""
"""Properties whose feature is called like them."""

_GROUPS = {
    "css-animation": "animation-name animation-duration animation-timing-function animation-delay animation-direction "
    "animation-iteration-count animation-fill-mode animation-play-state",
    "css-transition": "transition-property transition-duration transition-timing-function transition-delay",
    "css-block-inline-size": "block-size inline-size",
    "css-border": "border-top border-right border-bottom border-left border-width border-style border-color "
    "border-top-width border-right-width border-bottom-width border-left-width border-top-color border-right-color "
    "border-bottom-color border-left-color border-top-style border-right-style border-bottom-style border-left-style",
    "css-border-image": "border-image-source border-image-slice border-image-width border-image-repeat "
    "border-image-outset",
    "css-border-inline-block": "border-inline border-block",
    "css-border-inline-block-individual": "border-inline-width border-inline-style border-inline-color "
    "border-block-width border-block-style border-block-color",
    "css-border-inline-block-longhand": "border-inline-start border-inline-end border-block-start border-block-end",
    "css-border-radius": "border-top-left-radius border-top-right-radius border-bottom-left-radius "
    "border-bottom-right-radius",
    "css-border-radius-logical": "border-start-start-radius border-start-end-radius border-end-start-radius "
    "border-end-end-radius",
    "css-column-layout-properties": "columns column-width column-rule column-rule-color column-rule-style "
    "column-rule-width column-span column-fill",
    "css-flex-direction": "flex-direction flex-flow",
    "css-gap": "gap column-gap row-gap grid-gap",
    "css-grid-template": "grid-template grid-template-columns grid-template-rows grid-template-areas",
    "css-inset": "inset-block inset-inline inset-block-start inset-block-end inset-inline-start inset-inline-end",
    "css-left-right-top-bottom": "left right top bottom",
    "css-margin": "margin-top margin-right margin-bottom margin-left",
    "css-margin-block-start-end": "margin-block-start margin-block-end",
    "css-margin-inline-start-end": "margin-inline-start margin-inline-end",
    "css-margin-inline-block": "margin-inline margin-block",
    "css-mask-image": "mask -webkit-mask-image -webkit-mask",
    "css-outline": "outline-color outline-style outline-width",
    "css-overflow": "overflow-x overflow-y overflow-block overflow-inline",
    "css-padding": "padding-top padding-right padding-bottom padding-left",
    "css-padding-block-start-end": "padding-block-start padding-block-end",
    "css-padding-inline-start-end": "padding-inline-start padding-inline-end",
    "css-padding-inline-block": "padding-inline padding-block",
    "css-scroll-snap": "scroll-snap-type scroll-snap-align scroll-snap-stop",
}

PROPERTIES = {name: f"css-{name}" for name in _PLAIN.split()} | {
    name: feature for feature, names in _GROUPS.items() for name in names.split()
}

FUNCTIONS = {
    **{f"{repeat}{kind}-gradient": f"css-{kind}-gradient" for kind in ("linear", "radial", "conic")
       for repeat in ("", "repeating-")},
    **dict.fromkeys(("lab", "lch", "oklab", "oklch"), "css-modern-color"),
    **{name: f"css-function-{name}" for name in ("clamp", "max", "min", "light-dark")},
    "rgb": "css-rgb", "rgba": "css-rgba", "calc": "css-unit-calc", "var": "css-variables",
}  # fmt: skip
_UNITS = "ch cm em ex in mm pc pt px rem vh vmax vmin vw"
UNITS = {unit: f"css-unit-{unit}" for unit in _UNITS.split()}
IDENTS = {
    "initial": "css-unit-initial",
    **dict.fromkeys(("fit-content", "min-content", "max-content"), "css-intrinsic-size"),
    **dict.fromkeys(("system-ui", "ui-serif", "ui-sans-serif", "ui-rounded", "ui-monospace"), "css-sytem-ui"),
}
DISPLAYS = {"none": "none", "flex": "flex", "inline-flex": "flex", "grid": "grid", "inline-grid": "grid"}

PSEUDO_ELEMENTS = frozenset(("after", "before", "first-letter", "first-line", "marker", "placeholder"))

_TAGS = """abbr acronym address audio base bdi blockquote body code del dfn dialog div form hr img link marquee meter
object p picture pre progress rp rt ruby select small span strike strong style svg table textarea video wbr"""
_SEMANTICS = "article aside details figcaption figure footer header main mark nav section summary time"
_NAMED = """align aria-describedby aria-hidden aria-label aria-labelledby aria-live background cellpadding cellspacing
dir height hidden lang popover required role srcset valign width"""
_FORMATS = "apng avif bmp gif heif ico jpg mp4 png svg tiff webp"

ELEMENTS = {
    **{name: f"html-{name}" for name in _TAGS.split()},
    **dict.fromkeys(("ul", "ol", "dl"), "html-lists"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "html-h1-h6"),
    **dict.fromkeys(_SEMANTICS.split(), "html-semantics"),
    "s": "html-strike", "source": "html-picture", "map": "html-image-maps",
}  # fmt: skip
ATTRIBUTES = {
    **{name: f"html-{name}" for name in _NAMED.split()},
    "loading": "html-loading-attribute", "inert": "css-inert-attribute", "usemap": "html-image-maps",
    "sizes": "html-srcset",
}  # fmt: skip
IMAGES = {
    **{name: f"image-{name}" for name in _FORMATS.split()},
    "jpeg": "image-jpg", "heic": "image-heif", "tif": "image-tiff",
}  # fmt: skip

MEDIA = {
    "prefers-color-scheme": "prefers-color-scheme",
    "prefers-reduced-motion": "prefers-reduced-motion",
    "orientation": "orientation",
    "hover": "hover",
    "any-hover": "hover",
    **dict.fromkeys(
        ("-webkit-device-pixel-ratio", "-webkit-min-device-pixel-ratio", "-webkit-max-device-pixel-ratio"),
        "device-pixel-ratio",
    ),
}
COMBINATORS = {">": "child", "+": "adjacent-sibling", "~": "general-sibling"}
