//! One tab of a Chromium of its own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams,
};
use chromiumoxide::cdp::browser_protocol::log::{self, EventEntryAdded};
use chromiumoxide::cdp::browser_protocol::page::CaptureScreenshotFormat;
use chromiumoxide::page::{Page, ScreenshotParams};
use chromiumoxide::{Browser, BrowserConfig};
use futures_util::StreamExt;
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::say;

/// The names under which Chromium is installed.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// The time for which something on a page is waited for.
const LONGEST: Duration = Duration::from_secs(20);

/// A tab, and all that goes with it.
pub(crate) struct Tab {
    pub(crate) page: Page,
    browser: Browser,
    handler: JoinHandle<()>,
    /// The complaints of the browser: refused by the policy, thrown by the
    /// script.
    complaints: Arc<Mutex<Vec<String>>>,
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
        let config = BrowserConfig::builder()
            .chrome_executable(executable)
            .user_data_dir(&profile)
            .no_sandbox()
            .launch_timeout(Duration::from_secs(60))
            .window_size(1200, 900)
            .viewport(None)
            .build()
            .unwrap();
        let (browser, mut events) = Browser::launch(config).await.unwrap();
        let handler = tokio::spawn(async move { while events.next().await.is_some() {} });
        let page = browser.new_page("about:blank").await.unwrap();
        page.execute(log::EnableParams::default()).await.unwrap();
        let complaints = Arc::<Mutex<Vec<String>>>::default();
        let mut entries = page.event_listener::<EventEntryAdded>().await.unwrap();
        let heard = Arc::clone(&complaints);
        tokio::spawn(async move {
            while let Some(entry) = entries.next().await {
                heard.lock().unwrap().push(entry.entry.text.clone());
            }
        });
        Some(Tab {
            page,
            browser,
            handler,
            complaints,
            profile,
        })
    }

    pub(crate) async fn go(&self, url: &str) {
        self.page.goto(url).await.unwrap();
        self.until("document.readyState === 'complete'").await;
    }

    /// The value of an expression of JavaScript.
    pub(crate) async fn value(&self, expression: &str) -> Value {
        let value = self.page.evaluate(expression).await.unwrap();
        value.value().cloned().unwrap_or_default()
    }

    /// Waits until an expression is true; returns the time that took.
    pub(crate) async fn until(&self, expression: &str) -> Duration {
        let begun = Instant::now();
        loop {
            // A page that is being left has no answer.
            let value = tokio::time::timeout(LONGEST, self.page.evaluate(expression)).await;
            if let Ok(Ok(value)) = value
                && value.value() == Some(&Value::Bool(true))
            {
                return begun.elapsed();
            }
            if begun.elapsed() >= LONGEST {
                let text = self.text().await;
                panic!("waited in vain for {expression} on:\n{text}");
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
        let element = self.page.find_element(selector).await;
        let element = element.unwrap_or_else(|error| panic!("{selector}: {error}"));
        element.click().await.unwrap();
        self.until("window.isOld === undefined && document.readyState === 'complete'")
            .await;
    }

    /// Presses a key, on whatever has the focus.
    pub(crate) async fn press(&self, key: &str) {
        let focused = self.page.find_element(":focus, body").await.unwrap();
        focused.press_key(key).await.unwrap();
    }

    /// Shows pages in a window of this size, in light or dark colours.
    pub(crate) async fn looks(&self, (width, height): (i64, i64), scheme: &str) {
        let size = SetDeviceMetricsOverrideParams::new(width, height, 1.0, width < 600);
        self.page.execute(size).await.unwrap();
        let feature = MediaFeature::new("prefers-color-scheme", scheme);
        let media = SetEmulatedMediaParams::builder().feature(feature).build();
        self.page.execute(media).await.unwrap();
    }

    /// A picture of what is seen, as PNG.
    pub(crate) async fn picture(&self) -> Vec<u8> {
        let picture = ScreenshotParams::builder().format(CaptureScreenshotFormat::Png);
        self.page.screenshot(picture.build()).await.unwrap()
    }

    /// Ends the browser. It must not have had a reason to complain.
    pub(crate) async fn close(self) {
        self.close_with(|_| false).await;
    }

    /// Ends the browser, which may have complained about what is expected.
    pub(crate) async fn close_with(mut self, is_expected: impl Fn(&str) -> bool) {
        let _ = self.browser.close().await;
        let _ = self.browser.wait().await;
        self.handler.abort();
        let _ = std::fs::remove_dir_all(&self.profile);
        let mut complaints = self.complaints.lock().unwrap();
        complaints.retain(|complaint| !is_expected(complaint));
        assert!(
            complaints.is_empty(),
            "the browser complains: {complaints:?}"
        );
    }
}
