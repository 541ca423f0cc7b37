//! The page of a counterexample: it opens, it steps, it shows the cycle.

use crate::browser::{Browser, page_of};
use fantoccini::key::Key;
use serde_json::{Value, json};

/// The steps of the rows that are marked as the current ones, of both sides.
const CURRENT: &str =
    "[...document.querySelectorAll('[aria-current=step]')].map(row => row.dataset.step)";
/// The arrows that can be seen in the failing design's picture.
const EDGES: &str = "[...document.querySelectorAll('#this .edge')]\
    .filter(edge => getComputedStyle(edge).display !== 'none').map(edge => edge.querySelector('text').textContent).sort()";
/// The states of the failing design's objects.
const STATES: &str = "[...document.querySelectorAll('#this .objects tbody tr')].map(row => \
    row.querySelector('th').firstChild.textContent.trim() + ': ' + \
    [...row.querySelectorAll('td:nth-child(2) > span')].filter(one => one.checkVisibility())\
    .map(one => one.textContent).join())";
/// The objects that are marked as changed, by a word.
const CHANGED: &str = "[...document.querySelectorAll('#this .objects tbody tr')]\
    .filter(row => [...row.querySelectorAll('.tag.new')].some(tag => tag.checkVisibility()))\
    .map(row => row.querySelector('th').firstChild.textContent.trim())";
const SAID: &str = "document.getElementById('narration').textContent";

fn has(states: &Value, state: &str) {
    let all = states.as_array().expect("a list");
    assert!(all.contains(&json!(state)), "{state} in {states}");
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn keys_step_through_both_designs_to_the_cycle() {
    let browser = Browser::start().await;
    browser
        .open(&page_of("ext4-journal-start/old", "keys"))
        .await;
    // It opens where the failing design fails.
    browser
        .expect(
            "document.getElementById('at').textContent.split(' ')[0]",
            json!("9"),
        )
        .await;
    browser
        .expect(
            EDGES,
            json!(["commit of T1", "handle of T1", "page 0 lock"]),
        )
        .await;

    browser.press(&Key::Home.to_string()).await;
    browser.expect(CURRENT, json!([])).await;
    browser.expect(EDGES, json!([])).await;
    browser.expect(CHANGED, json!([])).await;
    has(&browser.ask(STATES).await, "page 0: dirty");

    for step in 1..=4 {
        browser.press(&Key::Right.to_string()).await;
        browser
            .expect(CURRENT, json!([step.to_string(), step.to_string()]))
            .await;
    }
    let states = browser.ask(STATES).await;
    has(&states, "page 0: clean");
    has(&states, "page 0 lock: held by flusher");
    browser.expect(CHANGED, json!(["page 0"])).await;

    browser.press("j").await;
    browser.expect(CURRENT, json!(["5", "5"])).await;
    browser.press("k").await;
    browser.expect(CURRENT, json!(["4", "4"])).await;
    browser.press(&Key::Left.to_string()).await;
    browser.expect(CURRENT, json!(["3", "3"])).await;
    browser.expect("location.hash", json!("#step-3")).await;

    browser.press(&Key::End.to_string()).await;
    // The failing design has ended before; its cycle stays.
    browser
        .expect(
            EDGES,
            json!(["commit of T1", "handle of T1", "page 0 lock"]),
        )
        .await;
    browser
        .expect(
            "document.querySelectorAll('#reference .edge:not([hidden])').length",
            json!(0),
        )
        .await;
    browser.close_without_errors().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn the_graph_grows_into_the_cycle() {
    let browser = Browser::start().await;
    browser
        .open_at(&page_of("ext4-journal-start/old", "grows"), "step-7")
        .await;
    browser.expect(CURRENT, json!(["7", "7"])).await;
    // A link to a row leaves it in sight, below the head of its table.
    let below = "document.querySelector('#this [aria-current]').getBoundingClientRect().top >= \
        document.querySelector('#this .columns thead th').getBoundingClientRect().bottom - 1";
    browser.expect(below, json!(true)).await;
    // Two threads wait for the one that starts its handle.
    browser
        .expect(EDGES, json!(["transaction", "transaction"]))
        .await;
    browser.click("[data-go=next]").await;
    browser.expect(EDGES, json!(["page 0 lock"])).await;
    browser.click("[data-go=next]").await;
    browser
        .expect(
            EDGES,
            json!(["commit of T1", "handle of T1", "page 0 lock"]),
        )
        .await;
    let cycle = "document.querySelectorAll('#this .edge.cycle:not([hidden])').length";
    browser.expect(cycle, json!(3)).await;
    browser.close_without_errors().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn the_slider_steps_too() {
    let browser = Browser::start().await;
    browser
        .open(&page_of("ext4-journal-start/old", "slider"))
        .await;
    browser.press_in("#step", &Key::Home.to_string()).await;
    browser.expect(CURRENT, json!([])).await;
    browser.press_in("#step", &Key::Right.to_string()).await;
    browser.expect(CURRENT, json!(["1", "1"])).await;
    browser.press_in("#step", &Key::Right.to_string()).await;
    browser
        .expect("document.getElementById('step').value", json!("2"))
        .await;
    has(&browser.ask(STATES).await, "page 0 lock: held by flusher");
    browser.close_without_errors().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn every_step_is_announced() {
    let browser = Browser::start().await;
    browser
        .open(&page_of("ext4-journal-start/old", "announced"))
        .await;
    browser
        .expect(
            "document.getElementById('narration').getAttribute('aria-live')",
            json!("polite"),
        )
        .await;
    let last = browser
        .ask("Number(document.getElementById('step').max)")
        .await;
    browser.press(&Key::Home.to_string()).await;
    let mut before = String::new();
    for step in 0..=last.as_u64().expect("a number") {
        let said = format!("{SAID}.startsWith('Step {step}.')");
        browser.expect(&said, json!(true)).await;
        let text = browser.ask(SAID).await;
        assert_ne!(text, json!(before), "each has words of its own");
        before = text.as_str().expect("a text").to_string();
        for design in ["old: ", "patched: "] {
            assert!(before.contains(design), "{before}");
        }
        browser.press(&Key::Right.to_string()).await;
    }
    browser.close_without_errors().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn without_scripts_all_of_it_is_there() {
    let browser = Browser::without_scripts().await;
    let page = page_of("ext4-journal-start/old", "still");
    let html = std::fs::read_to_string(&page).expect("it is there");
    browser.open(&page).await;
    let rows = browser.texts("#this .columns tbody tr").await;
    assert_eq!(rows.len(), 15, "every event of the failing design");
    let both = html.matches("data-step=").count();
    assert_eq!(
        browser.texts("#reference .columns tbody tr").await.len(),
        both - 15
    );
    assert_eq!(browser.texts("#this .edge.cycle").await.len(), 3);
    assert_eq!(browser.texts(".letters tbody tr").await.len(), 3);
    let chain = browser.texts(".chain").await;
    assert_eq!(chain, ["flusher → kjournald2 → writer → flusher"]);
    assert!(
        browser.texts("#bar, #narration, #keys").await.is_empty(),
        "nothing that would not work"
    );
    assert!(
        browser.texts(".tag.new").await.is_empty(),
        "nothing is new at the end"
    );
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn a_telephone_does_not_scroll_sideways() {
    let browser = Browser::start().await;
    browser.narrow().await;
    for (target, name) in [
        ("ext4-journal-start/old", "narrow-deadlock"),
        ("page-mkwrite/old", "narrow-race"),
        ("nfs-coalesce/old", "narrow-orphan"),
        ("ext4-writepage/old", "narrow-writepage"),
    ] {
        browser.open(&page_of(target, name)).await;
        let wide = browser.ask("document.documentElement.scrollWidth").await;
        assert!(
            wide.as_u64().is_some_and(|wide| wide <= 360),
            "{target}: {wide}"
        );
    }
    browser.close_without_errors().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn it_is_dark_where_that_is_wanted() {
    let browser = Browser::start().await;
    browser
        .open(&page_of("ext4-journal-start/old", "dark"))
        .await;
    let bright = "(rgb => rgb.map(Number).reduce((a, b) => a + b) > 384)\
        (getComputedStyle(document.body).backgroundColor.match(/\\d+/g))";
    browser.scheme("light").await;
    browser.expect(bright, json!(true)).await;
    browser.scheme("dark").await;
    browser.expect(bright, json!(false)).await;
    browser.close_without_errors().await;
}
