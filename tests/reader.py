"""What a reader does with a page whose code is live; for tests, and for what is measured."""

PAGE = "book/explorers.html"  # short, and it has an explorer


class Reader:
    """What a reader does with a page, and sees of it."""

    def __init__(self, page, address):
        self.page, self.address = page, address
        self.complaints, self.asked = [], []
        self.excused = ""  # a file of which the browser may complain
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda m: m.type in ("warning", "error") and self.complain(m))
        page.context.on("request", lambda request: self.asked.append(request.url))

    def complain(self, message):
        self.complaints.append(f"{message.text} {message.location['url']}")

    def open(self, name=PAGE):
        self.page.goto(self.address + name, wait_until="load")
        return self

    def start(self):
        self.page.click(".live-run")
        self.wait_for_status(r"^Python is ready\.$")
        return self

    def wait_for_status(self, pattern):
        """Until the bar says so; the printed page, if it comes back instead, says why."""
        found = self.page.wait_for_function(
            """pattern => {
                if (document.querySelector(".live-icon:not([aria-disabled])"))
                    return document.querySelector(".live-offer").innerText;
                return new RegExp(pattern).test(document.querySelector(".live-status")?.textContent);
            }""",
            arg=pattern,
        )
        assert found.json_value() is True

    def wait_for_offer(self):
        """Until the printed page is there again; return why."""
        self.page.wait_for_selector(".live-bar", state="detached")
        self.page.wait_for_selector(".live-icon:not([aria-disabled])")
        return self.page.inner_text(".live-offer [role=status]")

    def cell(self, number):
        """The cell of this number, unfolded."""
        cell = self.page.locator(f".cell:has([aria-label='Run cell {number}'])")
        cell.evaluate(
            "cell => { for (const folded of cell.querySelectorAll('details')) folded.open = true; }"
        )
        return cell

    def write(self, number, code):
        self.cell(number).locator(".cell_input pre").fill(code)

    def run(self, number, code=None):
        """Run a cell and those above it; return its output."""
        if code is not None:
            self.write(number, code)
        self.press("Run", number)
        self.wait_for_status(rf"^Cell {number} (has run|ended with an error)[.;]")
        return self.output(number)

    def press(self, what, number=None):
        """Press a button of the bar, or of a cell."""
        where = self.page.locator(".live-bar") if number is None else self.cell(number).locator(".live-tools")
        where.get_by_text(what, exact=True).click()

    def output(self, number):
        found = self.cell(number).locator(".live-output")
        return found.text_content() if found.count() else ""

    def code(self, number):
        return self.cell(number).locator(".cell_input pre").text_content().removesuffix("\n")

    def focused(self):
        return self.page.evaluate("document.activeElement.getAttribute('aria-label')")
