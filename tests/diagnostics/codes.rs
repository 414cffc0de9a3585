//! The table of codes.

use dictum::diagnostic::code;

#[test]
fn codes_are_sorted_and_explained() {
    let codes: Vec<_> = code::ALL.iter().map(|e| e.code.as_str()).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(codes, sorted);
    for explanation in code::ALL {
        let code = explanation.code;
        assert!(!explanation.title.is_empty() && !explanation.title.ends_with('.'), "{code}");
        assert!(explanation.text.len() > 40, "{code}: {}", explanation.text);
        for line in explanation.text.lines() {
            assert!(line.chars().count() <= 150, "{code}: {line}");
        }
    }
}

#[test]
fn a_code_is_found_in_any_case() {
    assert_eq!(code::explain("d012").map(|e| e.title), Some("not a scope"));
    assert!(code::explain("D999").is_none());
}
