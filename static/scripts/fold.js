// On a phone the guidance folds to one line above the form, before it is drawn.
for (const details of document.querySelectorAll("details[data-fold]")) {
  details.open = window.matchMedia("(min-width: 62em)").matches;
}
