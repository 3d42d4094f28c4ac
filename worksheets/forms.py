"""What every form of Django's own has in common with the questions: texts are cleaned before they are checked."""

from __future__ import annotations

from copy import copy
from typing import Any

from django import forms

from worksheets.addresses import read_address
from worksheets.cleaning import clean, one_line


def as_read(field: forms.Field, text: str) -> str:
    """What was typed into a field as people read it. A password stays as it is."""
    if not isinstance(field, forms.CharField) or isinstance(field.widget, forms.PasswordInput):
        return text
    if isinstance(field, forms.EmailField):
        return read_address(text).email
    return clean(text) if isinstance(field.widget, forms.Textarea) else one_line(text)


class CleaningForm(forms.Form):
    """A form whose texts lose what nobody sees before anything is checked or counted, and are shown again like that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            return
        sent: Any = copy(self.data)
        for name, field in self.fields.items():
            text = sent.get(self.add_prefix(name))
            # Written only where it differs: several boxes that are ticked have one name, and would become one.
            if isinstance(text, str) and (read := as_read(field, text)) != text:
                sent[self.add_prefix(name)] = read
        self.data = sent
