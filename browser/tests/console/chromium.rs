//! One tab of a Chromium of its own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::{Value, json};

use crate::devtools::DevTools;
use crate::say;

/// The names under which Chromium is installed.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// The time for which something on a page is waited for.
const LONGEST: Duration = Duration::from_secs(20);

/// A page that is no longer the one that was left, and whole.
const IS_NEW: &str = "window.isOld === undefined && document.readyState === 'complete'";

/// A tab, and all that goes with it.
pub(crate) struct Tab {
    devtools: DevTools,
    profile: PathBuf,
}

fn installed() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    let mut places =
        std::env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name)));
    places.find(|place| place.is_file())
}

impl Tab {
    /// Starts a browser; says so where there is none.
    pub(crate) async fn open() -> Option<Tab> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let Some(executable) = installed() else {
            say("SKIPPED: there is no Chromium, so the console was not tested in a browser");
            return None;
        };
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile = format!("jsonsql-chromium-{}-{number}", std::process::id());
        let profile = std::env::temp_dir().join(profile);
        let devtools = DevTools::start(&executable, &profile).await;
        Some(Tab { devtools, profile })
    }

    pub(crate) async fn go(&self, url: &str) {
        self.value("window.isOld = true").await;
        self.command("Page.navigate", json!({ "url": url })).await;
        self.until(IS_NEW).await;
    }

    /// The result of a command of the DevTools protocol.
    pub(crate) async fn command(&self, method: &str, params: Value) -> Value {
        self.devtools.command(method, params).await
    }

    /// The value of an expression of JavaScript.
    pub(crate) async fn value(&self, expression: &str) -> Value {
        let value = self.devtools.evaluate(expression).await;
        value.unwrap_or_else(|problem| panic!("{expression}: {problem}"))
    }

    /// Waits until an expression is true; returns the time that took.
    pub(crate) async fn until(&self, expression: &str) -> Duration {
        let begun = Instant::now();
        loop {
            let value = self.devtools.evaluate(expression).await;
            if value == Ok(Value::Bool(true)) {
                return begun.elapsed();
            }
            if begun.elapsed() >= LONGEST {
                let text = self.text().await;
                panic!("waited in vain for {expression}, which is {value:?}, on:\n{text}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The text that a person sees.
    pub(crate) async fn text(&self) -> String {
        let text = self.value("document.body.innerText").await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a text is on the page.
    pub(crate) async fn sees(&self, text: &str) -> Duration {
        let text = Value::from(text);
        self.until(&format!("document.body.innerText.includes({text})"))
            .await
    }

    /// Clicks with the mouse on what a selector finds, and waits for the page that
    /// this leads to.
    pub(crate) async fn follow(&self, selector: &str) {
        self.value("window.isOld = true").await;
        let selector = Value::from(selector);
        let place = format!(
            "(() => {{ const one = document.querySelector({selector}); \
             one.scrollIntoView({{block: 'center'}}); const box = one.getBoundingClientRect(); \
             return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
        );
        let place = self.value(&place).await;
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let click = json!({"type": kind, "x": place[0], "y": place[1], "button": "left",
                "clickCount": 1});
            self.command("Input.dispatchMouseEvent", click).await;
        }
        self.until(IS_NEW).await;
    }

    /// Presses a key, on whatever has the focus.
    pub(crate) async fn press(&self, key: &str) {
        let (code, number, text) = match key {
            "Tab" => ("Tab", 9, ""),
            "Enter" => ("Enter", 13, "\r"),
            " " => ("Space", 32, " "),
            other => panic!("no test has pressed {other} so far"),
        };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let press = json!({"type": kind, "key": key, "code": code, "text": text,
                "windowsVirtualKeyCode": number});
            self.command("Input.dispatchKeyEvent", press).await;
        }
    }

    /// Shows pages in a window of this size, in light or dark colours.
    pub(crate) async fn looks(&self, (width, height): (i64, i64), scheme: &str) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1,
            "mobile": width < 600});
        self.command("Emulation.setDeviceMetricsOverride", size)
            .await;
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.command("Emulation.setEmulatedMedia", media).await;
    }

    /// A picture of what is seen, as PNG.
    pub(crate) async fn picture(&self) -> Vec<u8> {
        let format = json!({"format": "png"});
        let picture = self.command("Page.captureScreenshot", format).await;
        let picture = picture["data"].as_str().unwrap();
        base64::engine::general_purpose::STANDARD
            .decode(picture)
            .unwrap()
    }

    /// Ends the browser. It must not have had a reason to complain.
    pub(crate) async fn close(self) {
        self.close_with(|_| false).await;
    }

    /// Ends the browser, which may have complained about what is expected.
    pub(crate) async fn close_with(self, is_expected: impl Fn(&str) -> bool) {
        let complaints = std::sync::Arc::clone(&self.devtools.complaints);
        self.devtools.close().await;
        let _ = std::fs::remove_dir_all(&self.profile);
        let mut complaints = complaints.lock().unwrap();
        complaints.retain(|complaint| !is_expected(complaint));
        assert!(
            complaints.is_empty(),
            "the browser complains: {complaints:?}"
        );
    }
}
