//! The table of techniques is the folder of techniques.

use dictum::graph::{Step, TECHNIQUES};
use std::fs;

#[test]
fn each_technique_is_a_file_and_each_file_a_technique() {
    let mut listed: Vec<&str> = TECHNIQUES.iter().map(|(_, file)| *file).collect();
    listed.sort_unstable();
    let mut there: Vec<String> = fs::read_dir("src/graph/steps")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "mod.rs")
        .collect();
    there.sort();
    assert_eq!(listed, there);
    assert_eq!(TECHNIQUES.map(|(step, _)| step).len(), Step::ALL.len());
    assert!(Step::ALL.into_iter().all(|step| Step::from_word(step.word()) == Some(step)));
}
