"""Controls that teach: move something and see what follows; a still picture where nothing can move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cxlab.i18n import tr


def explore(function: Callable[..., Any], *, live: bool = True, **controls: Any) -> Any:
    """Give a function sliders in JupyterLab, or show it once, at the controls' first setting, in a written report.

    Parameters
    ----------
    function : callable
        Takes the controls as keyword arguments and returns what is to be shown (a figure or a table).
    live : bool
        False while a report is written: a page on paper has no sliders.
    **controls
        One control each: ``(start, low, high, step)`` for a slider, or a list of choices, the first one chosen.

    Returns
    -------
    object
        The widget when live, else what the function returned.

    Examples
    --------
    >>> explore(lambda share: f"{share:.0%}", live=False, share=(0.5, 0.0, 1.0, 0.1))
    '50%'
    """
    if not live:
        return function(**{name: setting[0] for name, setting in controls.items()})
    import ipywidgets
    from IPython.display import display

    def show(**values: Any) -> None:
        display(function(**values))

    widgets = {name: _control(name, setting) for name, setting in controls.items()}
    output = ipywidgets.interactive_output(show, widgets)
    hint = ipywidgets.HTML(tr("teach.move"))
    return ipywidgets.VBox([hint, *widgets.values(), output])


def _control(name: str, setting: Any) -> Any:
    """A slider from ``(start, low, high, step)``, a list of choices from a list."""
    import ipywidgets

    if isinstance(setting, list):
        return ipywidgets.Dropdown(options=setting, value=setting[0], description=name)
    start, low, high, step = setting
    kind = ipywidgets.IntSlider if isinstance(step, int) else ipywidgets.FloatSlider
    return kind(value=start, min=low, max=high, step=step, description=name, continuous_update=False)
