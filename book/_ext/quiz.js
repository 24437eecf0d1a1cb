// Questions that mark themselves. On the page (and without JavaScript) a question is a list of answers and a
// folded list that says of each why it is right or wrong. Here the first becomes radio buttons, and the second
// is told one entry at a time. What was answered is kept (kept.js).
for (const [number, quiz] of document.querySelectorAll(".admonition.quiz").entries()) {
  const list = quiz.querySelector(":scope > ol"), folded = quiz.querySelector(":scope > details");
  const key = kept.key(quiz.textContent);
  const reasons = [...folded.querySelectorAll("ol > li")];
  const make = (tag, attributes, ...children) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...children);
    return element;
  };
  const words = (item) => [...(item.querySelector(":scope > p") ?? item).childNodes];
  const question = [...quiz.querySelectorAll(":scope > p:not(.admonition-title)")];
  const legend = make("legend", {}, ...question.flatMap((paragraph) => [...paragraph.childNodes, " "]));
  const labels = [...list.children].map((item, value) =>
    make("label", {}, make("input", { type: "radio", name: `quiz-${number}`, value }), make("span", {}, ...words(item))));
  const button = make("button", { type: "button", textContent: "Check", className: "quiz-check" });
  const verdict = make("div", { className: "quiz-verdict" });
  verdict.setAttribute("role", "status");
  const forget = make("button", { type: "button", textContent: "Forget it" });
  const note = make("p", { className: "quiz-kept" }, "Your answer is kept in this browser. ", forget);
  const tell = () => {
    const chosen = quiz.querySelector("input:checked");
    const reason = chosen && reasons[chosen.value];
    note.hidden = !chosen;
    const right = reason?.querySelector("strong")?.textContent === "Right.";
    verdict.className = `quiz-verdict ${chosen ? (right ? "right" : "wrong") : ""}`;
    verdict.replaceChildren(
      ...(chosen ? [right ? "" : make("strong", {}, "Not this one. "), ...words(reason.cloneNode(true))] : ["Choose an answer first."]));
  };
  const hush = () => {
    verdict.className = "quiz-verdict";
    verdict.replaceChildren();
    note.hidden = true;
  };
  button.addEventListener("click", () => {
    const chosen = quiz.querySelector("input:checked");
    if (chosen) kept.answers[key] = chosen.value;
    kept.save();
    tell();
  });
  quiz.addEventListener("change", hush);
  const clear = () => {
    for (const input of quiz.querySelectorAll("input")) input.checked = false;
    hush();
  };
  addEventListener("kept", () => note.hidden || kept.answers[key] || clear()); // forgotten
  forget.addEventListener("click", () => {
    delete kept.answers[key];
    kept.save();
    quiz.querySelector("input").focus({ preventScroll: true });
  });
  question.forEach((paragraph) => paragraph.remove());
  list.replaceWith(make("fieldset", {}, legend, ...labels, button), verdict, note);
  folded.hidden = true;
  clear();
  const before = labels[kept.answers[key]]?.querySelector("input");
  if (before) {
    before.checked = true;
    tell();
  }
}
