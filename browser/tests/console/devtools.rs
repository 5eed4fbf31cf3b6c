//! The DevTools protocol of a Chromium, over two pipes.
//!
//! With `--remote-debugging-pipe` the browser reads commands from its descriptor 3 and
//! writes answers and events to its descriptor 4, each JSON with a NUL behind it.

use std::collections::HashMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// The time that a command may take; the first one waits for the browser's start.
const LONGEST: Duration = Duration::from_secs(60);

type Answers = Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>;

/// A browser and the connection to it.
pub(crate) struct DevTools {
    child: Child,
    commands: tokio::sync::Mutex<ChildStdin>,
    answers: Answers,
    /// The complaints of the browser: refused by the policy, thrown by a script.
    pub(crate) complaints: Arc<Mutex<Vec<String>>>,
    last_id: AtomicU64,
    /// The tab that commands are for; none for the browser itself.
    session: Option<String>,
}

impl DevTools {
    /// Starts a browser with one tab.
    pub(crate) async fn start(executable: &Path, profile: &Path) -> DevTools {
        // The shell makes its standard pipes the browser's descriptors 3 and 4.
        let mut child = Command::new("sh")
            .args([
                "-c",
                "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1",
                "sh",
            ])
            .arg(executable)
            .args(["--headless=new", "--no-sandbox", "--remote-debugging-pipe"])
            .args(["--no-first-run", "--disable-gpu", "--disable-dev-shm-usage"])
            .args(["--hide-scrollbars", "--window-size=1200,900"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let commands = child.stdin.take().unwrap().into();
        let (answers, complaints) = (Answers::default(), Arc::default());
        let output = child.stdout.take().unwrap();
        tokio::spawn(read(output, Arc::clone(&answers), Arc::clone(&complaints)));
        let mut devtools = DevTools {
            child,
            commands,
            answers,
            complaints,
            last_id: AtomicU64::new(0),
            session: None,
        };
        let tab = json!({"url": "about:blank"});
        let tab = devtools.command("Target.createTarget", tab).await;
        let attach = json!({"targetId": tab["targetId"], "flatten": true});
        let attached = devtools.command("Target.attachToTarget", attach).await;
        devtools.session = attached["sessionId"].as_str().map(str::to_owned);
        devtools.command("Log.enable", json!({})).await;
        devtools.command("Page.enable", json!({})).await;
        devtools
    }

    /// The result of a command. One that is refused fails the test.
    pub(crate) async fn command(&self, method: &str, params: Value) -> Value {
        let answer = self.ask(method, params).await;
        let answer = answer.unwrap_or_else(|| panic!("{method}: no answer"));
        assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
        answer["result"].clone()
    }

    /// The value of an expression of JavaScript.
    ///
    /// # Errors
    ///
    /// What was thrown, or the lack of an answer: both happen on a page that is being
    /// left, and the first on one whose body is not there yet.
    pub(crate) async fn evaluate(&self, expression: &str) -> Result<Value, String> {
        let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.ask("Runtime.evaluate", params).await;
        let answer = answer.unwrap_or_default();
        let Some(result) = answer.get("result") else {
            return Err(format!("no answer: {answer}"));
        };
        match &result["exceptionDetails"] {
            Value::Null => Ok(result["result"]["value"].clone()),
            thrown => Err(thrown.to_string()),
        }
    }

    async fn ask(&self, method: &str, params: Value) -> Option<Value> {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let mut command = json!({"id": id, "method": method, "params": params});
        if let Some(session) = &self.session {
            command["sessionId"] = session.as_str().into();
        }
        let (sender, answer) = oneshot::channel();
        self.answers.lock().unwrap().insert(id, sender);
        let mut command = command.to_string().into_bytes();
        command.push(0);
        let written = self.commands.lock().await.write_all(&command).await;
        written.unwrap();
        timeout(LONGEST, answer).await.ok()?.ok()
    }

    /// Ends the browser.
    pub(crate) async fn close(mut self) {
        self.session = None;
        let _ = self.ask("Browser.close", json!({})).await;
        let _ = timeout(LONGEST, self.child.wait()).await;
    }
}

/// Hands answers to those who wait for them, and keeps what the browser complains of.
async fn read(output: ChildStdout, answers: Answers, complaints: Arc<Mutex<Vec<String>>>) {
    let mut output = BufReader::new(output);
    let mut message = Vec::new();
    while let Ok(1..) = output.read_until(0, &mut message).await {
        message.pop();
        let read: Value = serde_json::from_slice(&message).unwrap_or_default();
        message.clear();
        if let Some(id) = read["id"].as_u64() {
            let waiting = answers.lock().unwrap().remove(&id);
            // Whoever asked may have gone.
            let _ = waiting.map(|waiting| waiting.send(read));
        } else if read["method"] == "Log.entryAdded" {
            let text = read["params"]["entry"]["text"].as_str().unwrap_or_default();
            complaints.lock().unwrap().push(text.to_owned());
        }
    }
}
