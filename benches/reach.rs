//! How many identities can each user reach? `cargo bench --bench reach -- DIR` reads `DIR/edges.csv` (`src,dst`) and
//! `DIR/nodes.csv` (`id,kind`; 1 is a user, 3 an identity) and answers in one line, through the library's own graph.
//! The time to compare is that of the whole process.

use dictum::graph::{Network, Reach};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USER: u32 = 1;
const IDENTITY: u32 = 3;

fn main() -> ExitCode {
    // Cargo passes flags and the name that it was asked for as well; a folder is told by what is in it.
    let given: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let Some(folder) = given.iter().find(|given| given.join("edges.csv").is_file()) else {
        println!(
            "usage: cargo bench --bench reach -- DIR, with DIR/edges.csv (src,dst) and DIR/nodes.csv (id,kind)"
        );
        return ExitCode::SUCCESS;
    };
    match answer(folder) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(e) => {
            eprintln!("error: {}: {e}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn answer(folder: &Path) -> io::Result<String> {
    let mut kinds: Vec<u8> = vec![];
    each_pair(&folder.join("nodes.csv"), |id, kind| {
        let id = id as usize;
        if id >= kinds.len() {
            kinds.resize(id + 1, 0);
        }
        kinds[id] = kind as u8;
    })?;
    let mut edges = vec![];
    each_pair(&folder.join("edges.csv"), |from, to| edges.push((from, to)))?;
    let network = Network::new(kinds.len(), &edges);
    drop(edges);
    let is = |node: u32, kind: u32| u32::from(kinds[node as usize]) == kind;
    let reach = Reach::of(&network, |node| is(node, IDENTITY));
    let (mut users, mut reaching, mut sum, mut max) = (0, 0, 0, 0);
    for user in (0..kinds.len() as u32).filter(|&node| is(node, USER)) {
        let count = reach.count(user);
        users += 1;
        reaching += usize::from(count > 0);
        sum += count;
        max = max.max(count);
    }
    Ok(format!("users {users} reaching {reaching} sum {sum} max {max}"))
}

/// The lines of a file after its first, each two numbers with a comma between them.
fn each_pair(path: &Path, mut see: impl FnMut(u32, u32)) -> io::Result<()> {
    let mut text = vec![];
    File::open(path)?.read_to_end(&mut text)?;
    let mut pair = (0, 0);
    for &byte in text.iter().skip_while(|&&byte| byte != b'\n').skip(1) {
        match byte {
            b'0'..=b'9' => pair.1 = pair.1 * 10 + u32::from(byte - b'0'),
            b',' => pair = (pair.1, 0),
            b'\n' => {
                see(pair.0, pair.1);
                pair = (0, 0);
            }
            _ => {}
        }
    }
    Ok(())
}
