//! The site: every link leads somewhere, and the first page opens.

use crate::browser::{Browser, pagelock};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A small site, of one design, made once.
fn site() -> &'static Path {
    static SITE: OnceLock<PathBuf> = OnceLock::new();
    SITE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("site");
        // What an earlier run has left.
        let _ = fs::remove_dir_all(&folder);
        let place = folder.display().to_string();
        let output = pagelock(&["report", "ext4-journal-start/old", "-o", &place]);
        let diagnostic = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{diagnostic}");
        folder
    })
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            pages.extend(self::pages(&path));
        } else if path.extension().is_some_and(|ending| ending == "html") {
            pages.push(path);
        }
    }
    pages
}

/// Where a page's links and pictures lead.
const LINKS: &str = "[...document.querySelectorAll('[href], [src]')]\
    .map(one => one.getAttribute('href') ?? one.getAttribute('src'))";

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn every_link_leads_somewhere() {
    let folder = site();
    let browser = Browser::start().await;
    let pages = pages(folder);
    assert!(pages.len() > 3, "{pages:?}");
    let mut followed = BTreeSet::new();
    for page in &pages {
        browser.open(page).await;
        let links = browser.ask(LINKS).await;
        for link in links.as_array().expect("a list") {
            let link = link.as_str().expect("a text");
            if link.starts_with("https://") || link == "data:," {
                continue;
            }
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            assert!(!file.contains(':'), "{}: {link}", page.display());
            if file.is_empty() {
                let there = format!("document.getElementById('{place}') !== null");
                assert_eq!(
                    browser.ask(&there).await,
                    json!(true),
                    "{}: {link}",
                    page.display()
                );
            } else {
                let target = page.parent().expect("it is in a folder").join(file);
                assert!(target.is_file(), "{}: {link}", page.display());
                followed.insert(target.canonicalize().expect("it is there"));
            }
        }
    }
    for page in pages {
        let page = page.canonicalize().expect("it is there");
        assert!(
            followed.contains(&page),
            "no page leads to {}",
            page.display()
        );
    }
    browser.close_without_errors().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn the_first_page_leads_to_a_counterexample() {
    let folder = site();
    let browser = Browser::start().await;
    browser.narrow().await;
    browser.open(&folder.join("index.html")).await;
    let wide = browser.ask("document.documentElement.scrollWidth").await;
    assert!(wide.as_u64().is_some_and(|wide| wide <= 360), "{wide}");
    browser.click("a[href$='write~no-deadlock.html']").await;
    browser
        .expect(
            "document.querySelectorAll('#this .edge.cycle:not([hidden])').length",
            json!(3),
        )
        .await;
    browser.close_without_errors().await;
}
