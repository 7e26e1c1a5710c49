"""Colours of pages and drawings, in light and in dark; each tone has a word or a sign beside it."""

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "page": "#f5f6f8",
    "surface": "#ffffff",
    "sunken": "#f0f2f5",
    "line": "#d8dde5",
    "ink": "#1a212d",
    "quiet": "#566072",
    "accent": "#1d5bb8",
    "good": "#19693c",
    "good-soft": "#e6f4eb",
    "info": "#2a5c99",
    "info-soft": "#e8f0fa",
    "warning": "#7d4b00",
    "warning-soft": "#fdf1dc",
    "error": "#ad2219",
    "error-soft": "#fdeceb",
}
DARK: Mapping[str, str] = {
    "page": "#0f1318",
    "surface": "#171c23",
    "sunken": "#1f252e",
    "line": "#323b48",
    "ink": "#e7eaf0",
    "quiet": "#a3adbd",
    "accent": "#8cb6fa",
    "good": "#74d19b",
    "good-soft": "#13301f",
    "info": "#8cb6fa",
    "info-soft": "#17283f",
    "warning": "#f1b968",
    "warning-soft": "#35290f",
    "error": "#ff9186",
    "error-soft": "#3c1e1c",
}
ON = ("page", "surface", "sunken")
"""Backgrounds that any text may stand on; the soft ones carry ink and their own tone."""


def variables(colours: Mapping[str, str]) -> str:
    """Return the colours as declarations of CSS variables."""
    return " ".join(f"--{name}: {value};" for name, value in colours.items())
