//! "Did you mean": the nearest word of a list.

/// The candidate that `word` was probably meant to be; the first of the nearest ones. `None` where nothing is near.
///
/// Letter case, `_` and `-` don't count; otherwise one slip in three letters is near.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.replace(['_', '-'], "").to_lowercase();
    let wanted = plain(word);
    let reach = (wanted.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let known = plain(candidate);
        if known.len().abs_diff(wanted.len()) > reach {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&wanted, &known);
        let near = distance <= reach && distance < known.chars().count().max(2);
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}
