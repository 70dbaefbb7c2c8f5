"""Opens a book of pitfall in headless Chromium, by chromedriver's WebDriver protocol: the search finds, ticks stay, nothing leaves the folder.

Usage: browser.py CHROMEDRIVER CHROMIUM BOOK PROFILE [PICTURES]. Says `ok` and figures as JSON, or what is wrong, with status 1.
"""

import base64
import json
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.request

driver, browser, book, profile = sys.argv[1:5]
pictures = sys.argv[5] if len(sys.argv) > 5 else None
home = pathlib.Path(book).resolve().as_uri() + "/"
local = urllib.request.build_opener(urllib.request.ProxyHandler({}))

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1000,900", f"--user-data-dir={profile}"]


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data=data, method=method, headers={"Content-Type": "application/json"})
    try:
        with local.open(request, timeout=120) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{method} {path}: {error.read().decode()[:400]}")


def check(holds, what):
    if not holds:
        raise SystemExit(f"wrong: {what}")


def run(script, *args):
    return call("POST", here + "/execute/sync", {"script": script, "args": list(args)})


def cdp(command, **params):
    return call("POST", here + "/goog/cdp/execute", {"cmd": command, "params": params})


def go(path):
    call("POST", here + "/url", {"url": home + path})


def find(css):
    return next(iter(call("POST", here + "/element", {"using": "css selector", "value": css}).values()))


def wait(script, what, *args):
    for _ in range(300):
        value = run(script, *args)
        if value:
            return value
        time.sleep(0.1)
    raise SystemExit(f"wrong: {what}")


def search(words):
    box = find("#words")
    call("POST", f"{here}/element/{box}/clear", {})
    call("POST", f"{here}/element/{box}/value", {"text": words})
    wait("return document.getElementById('count').textContent !== ''", f"no answer to {words}")
    return run("return Array.from(document.querySelectorAll('#hits a'), a => [a.getAttribute('href'), a.textContent])")


requests, complaints = [], []


def gather():
    """The log is emptied by each reading."""
    for entry in call("POST", here + "/se/log", {"type": "performance"}):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            requests.append(message["params"]["request"]["url"])
    complaints.extend(entry["message"] for entry in call("POST", here + "/se/log", {"type": "browser"}))


def picture(name, scheme, width=1000):
    if pictures:
        cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        cdp("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        data = call("GET", here + "/screenshot")
        pathlib.Path(pictures, f"{name}-{scheme}-{width}.png").write_bytes(base64.b64decode(data))


process = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
here = None
try:
    started = next(line for line in process.stdout if "started successfully on port" in line)
    port = started.rsplit("port", 1)[1].strip(" .\n")
    base = f"http://127.0.0.1:{port}"
    capabilities = {"browserName": "chrome", "goog:chromeOptions": {"binary": browser, "args": FLAGS},
                    "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"}}
    here = "/session/" + call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})["sessionId"]

    # The browser's own first tab asks for things of the browser; from here on every request counts.
    call("POST", here + "/url", {"url": "about:blank"})
    time.sleep(0.5)
    gather()
    requests.clear()
    complaints.clear()

    go("index.html")
    begun = time.time()
    hits = search("-25300")
    took = round(1000 * (time.time() - begun))
    check(any(href.startswith("page/") for href, _ in hits[:3]), f"-25300 finds no page first: {hits[:5]}")
    check(any(href.startswith("codes/") and "errSecItemNotFound" in title for href, title in hits), "-25300 finds no code")
    check(search("0xFFFF9D2C")[0] == hits[0] and search("4294941996")[0] == hits[0], "other spellings of -25300 find something else")
    check(search("zzqqxx") == [], "nonsense is found")
    check(run("return document.getElementById('count').textContent") == "Nothing found.", "nothing found is not said")
    search("keychain locked background")
    for scheme in ("light", "dark"):
        picture("search", scheme)

    search("-25300")
    run("document.querySelector('#hits a').click()")
    page = wait("return location.href.includes('/page/') && document.readyState === 'complete' && document.body.dataset.page", "the hit leads nowhere")
    wait("return document.querySelectorAll('input[data-step]').length > 1", "a page without a checklist")
    box = find("input[data-step]")
    call("POST", f"{here}/element/{box}/click", {})
    check(run("return document.getElementById('done').textContent").startswith("1 of "), "the tick is not counted")
    call("POST", here + "/refresh", {})
    ticked = "return Array.from(document.querySelectorAll('input[data-step]'), box => box.checked)"
    check(run(ticked)[0] and run(ticked).count(True) == 1, f"the tick is gone after a reload: {run(ticked)}")
    for scheme in ("light", "dark"):
        picture("page", scheme)
    picture("page", "light", 390)
    if pictures:
        wide = run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        check(wide <= 0, f"the page is {wide} px wider than a phone")
    check(search("errSecMissingEntitlement")[0][0].startswith("../page/"), "no search from within a page")
    gather()
    go(f"page/{page}.html")
    call("POST", f"{here}/element/{find('#clear')}/click", {})
    call("POST", here + "/refresh", {})
    check(True not in run(ticked), "cleared ticks come back")

    gather()
    check(not complaints, f"the browser complains: {complaints[:3]}")
    # What a page asks the policy for, it does not get.
    blocked = ("const done = arguments[arguments.length - 1]; const image = new Image(); image.onerror = () => done('refused');"
               "image.onload = () => done('loaded'); image.src = 'http://127.0.0.1:9/x.png'; setTimeout(() => done('silent'), 5000);")
    check(call("POST", here + "/execute/async", {"script": blocked, "args": []}) == "refused", "the policy lets a request out")
    gather()
    check(any("Content Security Policy" in text for text in complaints), f"not the policy refused it: {complaints[:3]}")
    outside = [url for url in requests if not url.startswith(home)]
    outside = [url for url in outside if not url.startswith(("http://127.0.0.1:9/", "data:", "about:"))]
    check(not outside, f"requests leave the folder: {outside[:5]}")
    check(len([url for url in requests if url.startswith(home)]) > 5, "the log of requests is empty")
    print("ok " + json.dumps({"requests": len(requests), "hits": len(hits), "first": hits[0], "search_ms": took}))
finally:
    if here:
        call("DELETE", here)
    process.terminate()
    process.wait()
