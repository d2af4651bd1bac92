# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The browser that looks at the page: Debian's Chromium, driven over WebDriver, without a network."""

import json
import os
import pathlib
import shutil

import fleets
import pytest
from selenium import webdriver

from ansible_collections.containment.docker.plugins.filter.findings_to_html import findings_to_html

ROOT = pathlib.Path(__file__).parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
AXE = pathlib.Path(os.environ["AXE"])
GROUPS = {"web": ["bad.example"], "shop": ["good.example"], "all": ["bad.example", "good.example"]}


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    # no-sandbox: Chromium refuses root without it, and the page is ours. The proxy is a port that nobody serves.
    for argument in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "proxy-server=127.0.0.1:9"):
        options.add_argument(f"--{argument}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    yield Browser(driver)
    driver.quit()


class Browser:
    """What the tests ask of the browser."""

    def __init__(self, driver):
        self.driver = driver

    def emulate(self, width=1440, scheme="light", media="screen", height=1000):
        """Take a window's width, a colour scheme and a medium."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})

    def run(self, script, *arguments):
        """Run JavaScript through the driver, which no content security policy stops; the value that it returns."""
        return self.driver.execute_script(script, *arguments)

    def open(self, path, fragment=""):
        """Load a page; what was logged before is forgotten."""
        self.driver.get("about:blank")
        self.logs()
        self.driver.get(f"file://{path}{fragment}")

    def logs(self):
        """(messages of the console, addresses that were requested) since the last time."""
        console = [entry["message"] for entry in self.driver.get_log("browser")]
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        sent = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
        return console, sent

    def screenshot(self, name):
        """Keep what is to be seen under build/."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(SCREENSHOTS / f"{name}.png"))

    def findings(self):
        """The lines of the list of findings."""
        return self.run("return [...document.querySelectorAll('#list > details > summary')].map(e => e.innerText)")

    def type_filter(self, name, value):
        """Set one filter as a person does, by its control."""
        script = """
            const control = document.getElementById("filters").elements[arguments[0]];
            if (control.type === "checkbox") control.checked = arguments[1]; else control.value = arguments[1];
            control.dispatchEvent(new Event("input", {bubbles: true}));
            return performance.now();
        """
        return self.run(script, name, value)


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """The path of a page of each fleet."""
    folder = tmp_path_factory.mktemp("pages")

    def page(name):
        path = folder / f"{name}.html"
        if not path.exists():
            path.write_text(findings_to_html(getattr(fleets, f"{name}_fleet")(), GROUPS), encoding="utf-8")
        return path

    return page


@pytest.fixture
def small(browser, pages):
    """The small fleet's page, open."""
    browser.emulate()
    browser.open(pages("small"))
    return browser
