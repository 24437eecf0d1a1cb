// What a reader copies of a formula is its TeX.
document.addEventListener("copy", event => {
  const selection = getSelection();
  if (selection.isCollapsed || event.target.closest?.("input, textarea")) return;
  const part = document.createElement("div");
  for (let i = 0; i < selection.rangeCount; i++) {
    const range = selection.getRangeAt(i).cloneRange();
    const around = node => (node.nodeType === 1 ? node : node.parentElement).closest("[data-tex]");
    const [first, last] = [around(range.startContainer), around(range.endContainer)];
    if (first) range.setStartBefore(first);
    if (last) range.setEndAfter(last);
    part.append(range.cloneContents());
  }
  const formulas = part.querySelectorAll("[data-tex]");
  if (!formulas.length) return;
  for (const formula of formulas) {
    const mark = formula.matches("div") ? "$$" : "$";
    formula.replaceWith(mark + formula.getAttribute("data-tex") + mark);
  }
  part.style.cssText = "position: fixed; left: -9999px; white-space: pre-wrap";
  document.body.append(part); // innerText knows lines only of what is on the page
  event.clipboardData.setData("text/plain", part.innerText);
  part.remove();
  event.preventDefault();
});
