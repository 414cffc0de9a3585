//! Text that nobody meant: cut, deep, huge, strange.

use super::{EVERY_CONSTRUCT, corpus, formatted, read};

fn count(text: &str) -> usize {
    read(text).0.diagnostics.len()
}

#[test]
fn a_file_cut_anywhere_has_one_diagnostic_or_none() {
    let mut cuts = 0;
    for (text, step) in [(Some(EVERY_CONSTRUCT.to_owned()), 1), (corpus(), 5)] {
        let Some(text) = text else { continue };
        // A cut concerns the statement that it is in: each is cut alone, and the whole file at fewer places.
        for (start, end) in statements(&text) {
            for cut in (start..=end).filter(|&i| text.is_char_boundary(i)).step_by(step) {
                cuts += 1;
                let found = count(&text[start..cut]);
                assert!(found <= 1, "{found} diagnostics for {:?}", &text[start..cut]);
            }
        }
        for cut in (0..text.len()).step_by(97).filter(|&i| text.is_char_boundary(i)) {
            cuts += 1;
            assert!(count(&text[..cut]) <= 1, "cut at {cut}");
        }
    }
    println!("{cuts} cuts");
}

fn statements(text: &str) -> Vec<(usize, usize)> {
    let (parsed, _) = read(text);
    parsed.file.items.iter().map(|i| (i.at().0.start as usize, i.at().0.end as usize)).collect()
}

#[test]
fn ten_thousand_levels_are_refused() {
    let deep = |open: &str, close: &str| {
        format!(
            "deny user where {}user.enabled{}\n\ndeny any role\n",
            open.repeat(10_000),
            close.repeat(10_000)
        )
    };
    for text in [
        deep("(", ")"),
        deep("not ", ""),
        deep("not (", ")"),
        deep("count(", ")"),
        deep("count(x in ", ")"),
        deep("[", "]"),
        deep("1 + ", ""),
        deep("some x in user.groups satisfies ", ""),
        deep("some x in ", " satisfies x"),
        deep("(", ""),
        format!("deny user \"a\"{}", " in group \"g\"".repeat(10_000)),
        format!("deny any role for {}user{}", "(".repeat(10_000), ")".repeat(10_000)),
        format!("test \"t\" given user \"u\" with {{ a = {} }}", "[".repeat(10_000)),
    ] {
        let (parsed, _) = read(&text);
        let codes: Vec<_> = parsed.diagnostics.iter().map(|d| d.code.as_str()).collect();
        assert_eq!(codes, ["D005"], "{}", &text[..60]);
    }
}

#[test]
fn what_people_write_is_not_too_deep() {
    let nested = format!("deny user where {}user.enabled{}", "(".repeat(30), ")".repeat(30));
    assert_eq!(count(&nested), 0);
    assert_eq!(formatted(&nested), nested + "\n");
    let facts: String =
        (0..1000).map(|i| format!("user \"u{i}\" in group \"g\" with {{ enabled = true }}\n")).collect();
    assert_eq!(count(&format!("test \"t\" given {facts} expect r to pass")), 0);
    let operands = vec!["not user.enabled and user.created - user.created < 3 days"; 1000].join(" and ");
    assert_eq!(count(&format!("deny user where {operands}")), 0);
}

#[test]
fn a_hundred_megabytes_are_one_diagnostic() {
    let huge = "x".repeat(100 << 20);
    for text in [
        format!("deny role \"{huge}\" for user\ndeny any role\n"),
        format!("deny role \"{huge}"),
        format!("deny role {huge}"),
        format!("deny user where user.upn matches /{huge}/"),
    ] {
        let (parsed, sources) = read(&text);
        assert_eq!(parsed.diagnostics.len(), 1);
        let shown = dictum::diagnostic::render::render(&parsed.diagnostics, &sources, false);
        assert!(shown.len() < 2000, "{} bytes", shown.len());
    }
    let (parsed, _) = read(&format!("#{huge}\ndeny any role"));
    assert_eq!(parsed.diagnostics.len(), 0);
}

#[test]
fn a_long_file_takes_linear_time() {
    let rules = |n: usize| -> String {
        (0..n).map(|i| format!("rule r{i}\n  deny role Owner at subscripton\n")).collect()
    };
    let time = |n: usize| {
        let text = rules(n);
        let start = std::time::Instant::now();
        assert_eq!(count(&text), n);
        start.elapsed().as_secs_f64()
    };
    let (small, large) = (time(1000), time(8000));
    assert!(large < 8.0 * small * 3.0 + 0.5, "{small} s for 1,000 rules, {large} s for 8,000");
}

#[test]
fn characters_that_mean_nothing() {
    for text in [
        "deny any role\0 for user",
        "deny \"\0\" role",
        "\0",
        "deny any role for user \"a\u{202e}b\"",
        "deny any role;",
    ] {
        let (parsed, _) = read(text);
        let codes: Vec<_> = parsed.diagnostics.iter().map(|d| d.code.as_str()).collect();
        assert_eq!(codes, ["D004"], "{text:?}");
    }
}

#[test]
fn an_empty_file_is_read() {
    for text in ["", "\u{feff}", "\n\n", "# nothing\n", "\r\n"] {
        assert_eq!(count(text), 0, "{text:?}");
    }
    assert_eq!(formatted("\n\n# nothing  \n\n"), "# nothing\n");
}

#[test]
fn random_bytes_never_panic() {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let words: Vec<&str> = EVERY_CONSTRUCT.split_inclusive([' ', '\n']).collect();
    for _ in 0..2000 {
        let length = next() % 30;
        let text: String = (0..length)
            .map(|_| match next() % 8 {
                0 => char::from_u32((next() % 0x3000) as u32).unwrap_or('x').to_string(),
                _ => words[(next() % words.len() as u64) as usize].to_owned(),
            })
            .collect();
        let (parsed, sources) = read(&text);
        let _ = dictum::diagnostic::render::render(&parsed.diagnostics, &sources, false);
    }
}
