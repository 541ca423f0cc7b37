//! A Chromium for each test.

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use url::Url;

/// The longest time that a page may take to show what is expected.
const PATIENCE: Duration = Duration::from_secs(20);

/// What only Chromium's driver knows.
#[derive(Debug)]
struct Own {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

pub(crate) struct Browser {
    driver: Child,
    port: u16,
    client: Client,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A test that fails leaves its session open. A driver that is asked to go ends its browser too.
        if let Ok(mut driver) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = driver.write_all(b"GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            let _ = driver.read(&mut [0; 64]);
        } else {
            let _ = self.driver.kill();
        }
        let _ = self.driver.wait();
    }
}

impl Browser {
    pub(crate) async fn start() -> Self {
        Self::with(json!({})).await
    }

    pub(crate) async fn without_scripts() -> Self {
        Self::with(json!({ "profile.managed_default_content_settings.javascript": 2 })).await
    }

    async fn with(preferences: Value) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed");
        let output = driver.stdout.take().expect("its output is a pipe");
        let port: u16 = (BufReader::new(output).lines())
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, port) = line.split_once("successfully on port ")?;
                port.trim_end_matches('.').parse().ok()
            })
            .expect("chromedriver says its port");
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--window-size=1400,900",
        ];
        let capabilities = json!({
            "goog:chromeOptions": { "args": arguments, "prefs": preferences },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else {
            unreachable!("it is an object")
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a session begins");
        Self {
            driver,
            port,
            client,
        }
    }

    pub(crate) async fn open(&self, file: &Path) {
        self.open_at(file, "").await;
    }

    pub(crate) async fn open_at(&self, file: &Path, place: &str) {
        let mut address = Url::from_file_path(file).expect("the path is absolute");
        address.set_fragment((!place.is_empty()).then_some(place));
        self.client.goto(address.as_str()).await.expect("it opens");
    }

    /// What a script in the page returns.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        let script = format!("return ({script});");
        self.client
            .execute(&script, Vec::new())
            .await
            .expect("the script runs")
    }

    /// Waits until a script in the page returns this.
    pub(crate) async fn expect(&self, script: &str, expected: Value) {
        let begin = Instant::now();
        loop {
            let found = self.ask(script).await;
            if found == expected {
                return;
            }
            assert!(
                begin.elapsed() < PATIENCE,
                "{script}: {found}, not {expected}"
            );
        }
    }

    /// Presses a key wherever the page has its focus.
    pub(crate) async fn press(&self, key: &str) {
        let body = self
            .client
            .find(Locator::Css("body"))
            .await
            .expect("a page has a body");
        body.send_keys(key).await.expect("the key is pressed");
    }

    /// Presses a key in an element.
    pub(crate) async fn press_in(&self, css: &str, key: &str) {
        let element = self
            .client
            .find(Locator::Css(css))
            .await
            .expect("it is there");
        element.send_keys(key).await.expect("the key is pressed");
    }

    pub(crate) async fn click(&self, css: &str) {
        let element = self
            .client
            .find(Locator::Css(css))
            .await
            .expect("it is there");
        element.click().await.expect("it can be clicked");
    }

    /// The texts of the elements that can be seen.
    pub(crate) async fn texts(&self, css: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self
            .client
            .find_all(Locator::Css(css))
            .await
            .expect("it looks")
        {
            if element.is_displayed().await.expect("it is seen or not") {
                texts.push(element.text().await.expect("it has a text"));
            }
        }
        texts
    }

    async fn devtools(&self, command: &str, parameters: Value) {
        let own = Own {
            path: "goog/cdp/execute",
            body: json!({ "cmd": command, "params": parameters }),
        };
        self.client
            .issue_cmd(own)
            .await
            .expect("the command is known");
    }

    /// Makes the window as wide as a telephone's.
    pub(crate) async fn narrow(&self) {
        let screen =
            json!({ "width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", screen)
            .await;
        self.expect("window.innerWidth", json!(360)).await;
    }

    /// Says whether the reader wants it light or dark.
    pub(crate) async fn scheme(&self, scheme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": [feature] }),
        )
        .await;
    }

    /// Ends the session, and fails if the console of the browser has an error.
    pub(crate) async fn close_without_errors(self) {
        let own = Own {
            path: "se/log",
            body: json!({ "type": "browser" }),
        };
        let log = self.client.issue_cmd(own).await.expect("there is a log");
        assert_eq!(log, json!([]), "the console is silent");
        self.client.clone().close().await.expect("the session ends");
    }
}

/// Runs the program.
pub(crate) fn pagelock(arguments: &[&str]) -> std::process::Output {
    let program = env!("CARGO_BIN_EXE_pagelock-from-outside");
    Command::new(program)
        .args(arguments)
        .output()
        .expect("the program starts")
}

/// A counterexample as a page.
pub(crate) fn page_of(target: &str, name: &str) -> PathBuf {
    let output = pagelock(&["trace", target, "--format", "html"]);
    assert!(output.status.success());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.html"));
    std::fs::write(&file, output.stdout).expect("the page is written");
    file
}
