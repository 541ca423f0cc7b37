//! What is cut out of sources of every kind.

use super::statement;
use std::panic::Location;

/// The call whose method's name stands right behind the mark `^`, which is not a part of the source.
fn cut(marked: &str) -> String {
    let at = marked.find('^').expect("a mark");
    let text = marked.replacen('^', "", 1);
    let line = marked[..at].matches('\n').count() + 1;
    let own = marked[..at].rsplit('\n').next().unwrap_or_default();
    let number = |count: usize| u32::try_from(count).expect("it is small");
    let found = statement(&text, number(line), number(own.chars().count() + 1));
    found.expect("it is there")
}

#[test]
fn a_call_ends_with_its_arguments() {
    assert_eq!(cut("let a = ^f(1); g(2)"), "f(1)");
    assert_eq!(cut("^f(g(1), (2, 3), [4]) + h(5)"), "f(g(1), (2, 3), [4])");
    assert_eq!(
        cut("task.^step(c, F, |x| { g(x) })?.more()"),
        "task.step(c, F, |x| { g(x) })?"
    );
}

#[test]
fn of_several_on_one_line_the_one_at_the_column() {
    let line = "a.one(1)?; b.two(2)?; c.three(3)";
    let found = |column| statement(line, 1, column).expect("it is there");
    assert_eq!(found(3), "a.one(1)?");
    assert_eq!(found(14), "b.two(2)?");
    assert_eq!(found(25), "c.three(3)");
}

#[test]
fn a_receiver_is_a_path_or_a_chain_of_fields() {
    assert_eq!(cut("let x = fs.inode.^lock(t);"), "fs.inode.lock(t)");
    assert_eq!(cut("&self::Cell::^new(1)"), "self::Cell::new(1)");
    assert_eq!(
        cut("fs\n    .inode\n    .^lock(t)"),
        "fs\n    .inode\n    .lock(t)"
    );
    assert_eq!(cut("(a + b).^step(t)"), "step(t)");
    assert_eq!(cut("page(0).^lock(t)"), "lock(t)");
    assert_eq!(cut("x // of y\n    .^lock(t)"), "lock(t)");
    assert_eq!(cut("(0..^len(x))"), "len(x)");
}

#[test]
fn brackets_in_texts_are_no_brackets() {
    assert_eq!(cut(r#"^f(")", 1);"#), r#"f(")", 1)"#);
    assert_eq!(cut(r#"^f("\")", 1);"#), r#"f("\")", 1)"#);
    assert_eq!(cut(r#"^f("\\", ")");"#), r#"f("\\", ")")"#);
    assert_eq!(cut("^f(r#\"\")\"#, 1);"), "f(r#\"\")\"#, 1)");
    assert_eq!(cut("^f(b\")\", br\"\\\", 1);"), "f(b\")\", br\"\\\", 1)");
    assert_eq!(cut("^f(r#type, 1);"), "f(r#type, 1)");
}

#[test]
fn characters_are_told_from_lifetimes() {
    assert_eq!(cut("^f(')', 1);"), "f(')', 1)");
    assert_eq!(cut(r"^f('\'', ')');"), r"f('\'', ')')");
    assert_eq!(cut(r"^f('\\', b')', 'ä');"), r"f('\\', b')', 'ä')");
    assert_eq!(cut("^f::<'a>(x as &'a u8, 1);"), "f::<'a>(x as &'a u8, 1)");
    assert_eq!(
        cut("^f('l: loop { break 'l (1) });"),
        "f('l: loop { break 'l (1) })"
    );
}

#[test]
fn comments_are_passed_over() {
    assert_eq!(cut("^f(1, // :)\n  2);"), "f(1, // :)\n  2)");
    assert_eq!(
        cut("^f(1 /* ) /* ) */ ) */, 2);"),
        "f(1 /* ) /* ) */ ) */, 2)"
    );
}

#[test]
fn types_and_closures_nest() {
    assert_eq!(
        cut("x.^collect::<Vec<(u8, u8)>>();"),
        "x.collect::<Vec<(u8, u8)>>()"
    );
    assert_eq!(
        cut("a.^when(|b| c.with(|d| { d < e && f(|g| g > 1) }))?;"),
        "a.when(|b| c.with(|d| { d < e && f(|g| g > 1) }))?"
    );
}

#[test]
fn what_is_no_call_ends_where_it_is_over() {
    assert_eq!(cut("g(^value, 1)"), "value");
    assert_eq!(cut("{ ^value }"), "value");
    assert_eq!(cut("^table[1] + 2;"), "table[1]");
}

#[test]
fn lines_lose_the_indentation_of_the_first() {
    let text = "\n        let x = a.^step(\n            1,\n        )?;";
    assert_eq!(cut(text), "a.step(\n    1,\n)?");
}

#[test]
fn there_is_nothing_past_the_end() {
    for (line, column) in [(0, 1), (1, 0), (1, 9), (2, 1), (9, 9)] {
        assert_eq!(statement("f(1)", line, column), None, "{line}:{column}");
    }
    assert_eq!(statement("", 1, 1), None);
    assert_eq!(statement("f(1", 1, 1).as_deref(), Some("f(1"));
}

struct Thing;

impl Thing {
    #[track_caller]
    fn place(&self, _: &str) -> &'static Location<'static> {
        let Self = self;
        Location::caller()
    }
}

/// The compiler's idea of where a call is, which is what the cut relies on.
#[test]
fn the_compiler_names_the_place_of_the_method() {
    let thing = Thing;
    let (one, two) = (thing.place("("), thing.place(")"));
    let own = include_str!("tests_of_statement.rs");
    let cut = |place: &Location<'_>| statement(own, place.line(), place.column());
    assert_eq!(cut(one).as_deref(), Some(r#"thing.place("(")"#));
    assert_eq!(cut(two).as_deref(), Some(r#"thing.place(")")"#));
}
