//! Exact questions about sets of operations: is there an operation that some patterns match and others do not?
//!
//! The operations are open-ended, so the answer is found by automata: all patterns are read along one growing text,
//! together with the shape of an operation, until a text is found or every combination of places in the patterns has
//! been seen. Only the letters that some pattern waits for are tried, and one letter that stands for all the others.
//!
//! Whatever an earlier star of a pattern could still match, the last star reached can match too (it swallows the
//! difference), so that of each pattern only the places from its last star on are kept. With that, and with the
//! branches cut where a pattern has already decided the outcome, the search visits few texts.

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use super::action::{Reading, VERBS, is_between_slashes};

/// A pattern and how its `/*/` is read.
pub(super) type Read<'a> = (&'a str, Reading);

/// What a text must be to be a witness.
#[derive(Clone, Debug, Default)]
pub(super) struct Question<'a> {
    /// Every one of these must match.
    pub(super) matched: Vec<Read<'a>>,
    /// None of these may match.
    pub(super) unmatched: Vec<Read<'a>>,
    /// None of these may grant: a block grants what some of its first list and none of its second list match.
    pub(super) ungranted: Vec<(Vec<Read<'a>>, Vec<Read<'a>>)>,
}

/// Whether no operation matches the pattern.
pub(super) fn is_empty(pattern: &str) -> bool {
    let question = Question { matched: vec![(pattern, Reading::Strict)], ..Question::default() };
    witness(&question).is_none()
}

/// A short operation that answers the question, in lower case; `None` if there is none.
pub(super) fn witness(question: &Question<'_>) -> Option<String> {
    let machine = Machine::new(question);
    let mut texts = Texts::default();
    let mut states: IndexSet<State, FxBuildHasher> = IndexSet::default();
    let start = machine.follow(machine.settle(machine.start())?, &mut texts)?;
    states.insert(start);
    texts.keep(0);
    let mut letters = Vec::new();
    let mut next = 0;
    while let Some(state) = states.get_index(next).cloned() {
        if machine.accepts(&state) {
            return Some(texts.text_of(next));
        }
        machine.letters(&state, &mut letters);
        for &letter in &letters {
            let Some(following) = machine.step(&state, letter).and_then(|state| machine.settle(state)) else {
                continue;
            };
            texts.add(letter);
            if machine.follow(following, &mut texts).is_some_and(|following| states.insert(following)) {
                texts.keep(next);
            } else {
                texts.forget();
            }
        }
        next += 1;
    }
    None
}

/// How each state was first reached: from which other one, and by which letters.
#[derive(Default)]
struct Texts {
    letters: Vec<u8>,
    /// Per state: where it was reached from, and the end of its letters, which start at the end of the one before.
    reached: Vec<(usize, usize)>,
}

impl Texts {
    fn add(&mut self, letter: u8) {
        self.letters.push(letter);
    }

    fn keep(&mut self, from: usize) {
        self.reached.push((from, self.letters.len()));
    }

    fn forget(&mut self) {
        self.letters.truncate(self.reached.last().map_or(0, |(_, end)| *end));
    }

    fn text_of(&self, state: usize) -> String {
        let mut parts = Vec::new();
        let mut at = Some(state);
        while let Some(state) = at {
            let start = state.checked_sub(1).map_or(0, |before| self.reached[before].1);
            parts.push(&self.letters[start..self.reached[state].1]);
            at = (state > 0).then_some(self.reached[state].0);
        }
        parts.iter().rev().flat_map(|part| part.iter().copied()).map(char::from).collect()
    }
}

/// What a pattern is in the question for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Matched,
    Unmatched,
    /// An action of the block of that number.
    Grants(u32),
    /// A notAction of the block of that number.
    Excepts(u32),
}

impl Role {
    fn block(self) -> Option<u32> {
        match self {
            Role::Grants(block) | Role::Excepts(block) => Some(block),
            Role::Matched | Role::Unmatched => None,
        }
    }
}

/// What stands at a place of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Letter(u8),
    Star,
    /// A star between slashes that may share the slash before it with the slash after it.
    GenerousStar,
    End,
}

/// All patterns of a question one after the other, each with an end.
struct Machine {
    tokens: Vec<Token>,
    /// The pattern of each token.
    pattern_of: Vec<u32>,
    /// Per pattern: its role.
    roles: Vec<Role>,
    /// How many patterns have the role of that name.
    matched: usize,
}

/// The places that a text leads to, in ascending order, and how much of an operation's shape it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    shape: Shape,
    places: Vec<u32>,
}

/// How much of NAMESPACE/TYPE.../VERB has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Shape {
    /// Finished words, at most 2 counted.
    words: u8,
    /// Whether the word under way has a letter.
    letters: bool,
    /// Which verbs the word under way may become (one bit each), and how many of their letters are read.
    verbs: u8,
    read: u8,
}

impl Shape {
    const START: Shape = Shape { words: 0, letters: false, verbs: 0, read: 0 };

    fn step(self, letter: u8) -> Option<Shape> {
        if letter == b'/' {
            let words = (self.words + 1).min(2);
            let verbs = if words == 2 { 0b1111 } else { 0 };
            return self.letters.then_some(Shape { words, letters: false, verbs, read: 0 });
        }
        let at = usize::from(self.read);
        let mut verbs = 0;
        for (bit, verb) in VERBS.iter().enumerate() {
            if self.verbs & 1 << bit != 0 && verb.as_bytes().get(at) == Some(&letter) {
                verbs |= 1 << bit;
            }
        }
        let read = if verbs == 0 { 0 } else { self.read + 1 };
        Some(Shape { words: self.words, letters: true, verbs, read })
    }

    fn is_operation(self) -> bool {
        let at = usize::from(self.read);
        VERBS.iter().enumerate().any(|(bit, verb)| self.verbs & 1 << bit != 0 && verb.len() == at)
    }

    fn letters(self) -> impl Iterator<Item = u8> {
        let at = usize::from(self.read);
        let verbs = self.verbs;
        VERBS.into_iter().enumerate().filter_map(move |(bit, verb)| {
            if verbs & 1 << bit != 0 { verb.as_bytes().get(at).copied() } else { None }
        })
    }
}

impl Machine {
    fn new(question: &Question<'_>) -> Machine {
        let mut machine = Machine {
            tokens: Vec::new(),
            pattern_of: Vec::new(),
            roles: Vec::new(),
            matched: question.matched.len(),
        };
        for pattern in &question.matched {
            machine.add(*pattern, Role::Matched);
        }
        for pattern in &question.unmatched {
            machine.add(*pattern, Role::Unmatched);
        }
        for (block, (actions, not_actions)) in (0..).zip(&question.ungranted) {
            for pattern in actions {
                machine.add(*pattern, Role::Grants(block));
            }
            for pattern in not_actions {
                machine.add(*pattern, Role::Excepts(block));
            }
        }
        machine
    }

    fn add(&mut self, (pattern, reading): Read<'_>, role: Role) {
        let pattern = pattern.trim().as_bytes();
        for (at, &letter) in pattern.iter().enumerate() {
            self.tokens.push(match letter {
                b'*' if reading == Reading::Generous && is_between_slashes(pattern, at) => {
                    Token::GenerousStar
                }
                b'*' => Token::Star,
                letter => Token::Letter(letter.to_ascii_lowercase()),
            });
        }
        self.tokens.push(Token::End);
        let number = self.roles.len() as u32;
        self.pattern_of.resize(self.tokens.len(), number);
        self.roles.push(role);
    }

    fn start(&self) -> State {
        let mut places = Vec::new();
        let mut pattern = None;
        for (place, &of) in (0..).zip(&self.pattern_of) {
            if pattern != Some(of) {
                pattern = Some(of);
                let from = places.len();
                self.enter(place, &mut places);
                self.keep_from_last_star(from, &mut places);
            }
        }
        State { shape: Shape::START, places }
    }

    fn pattern_of(&self, place: u32) -> u32 {
        self.pattern_of[place as usize]
    }

    fn role_of(&self, place: u32) -> Role {
        self.roles[self.pattern_of(place) as usize]
    }

    /// Adds a place and those reached from it without a letter.
    fn enter(&self, mut place: u32, places: &mut Vec<u32>) {
        loop {
            places.push(place);
            match self.tokens[place as usize] {
                Token::Letter(_) | Token::End => return,
                Token::Star => place += 1,
                Token::GenerousStar => {
                    // The slash after it, not yet read; and what follows that slash, read before the star already.
                    places.push(place + 1);
                    place += 2;
                }
            }
        }
    }

    /// Sorts the places of one pattern (those from index `from` on) and drops those before its last star.
    fn keep_from_last_star(&self, from: usize, places: &mut Vec<u32>) {
        places[from..].sort_unstable();
        let is_star = |place: &u32| matches!(self.tokens[*place as usize], Token::Star | Token::GenerousStar);
        let keep = places[from..].iter().rposition(is_star).map_or(from, |last| from + last);
        places.drain(from..keep);
        let mut kept = from;
        for index in from..places.len() {
            if index == from || places[index] != places[kept - 1] {
                places[kept] = places[index];
                kept += 1;
            }
        }
        places.truncate(kept);
    }

    /// The letters that lead to different states: those that a place or the shape waits for, the slash, and one that
    /// nothing waits for. Where a pattern that must match waits for one letter, only that.
    fn letters(&self, state: &State, letters: &mut Vec<u8>) {
        letters.clear();
        for run in state.places.chunk_by(|left, right| self.pattern_of(*left) == self.pattern_of(*right)) {
            match (run, self.role_of(run[0])) {
                ([place], Role::Matched) => {
                    if let Token::Letter(letter) = self.tokens[*place as usize] {
                        letters.push(letter);
                        return;
                    }
                }
                (_, Role::Matched) => {}
                _ => break,
            }
        }
        letters.push(b'/');
        letters.extend(state.shape.letters());
        for &place in &state.places {
            if let Token::Letter(letter) = self.tokens[place as usize] {
                letters.push(letter);
            }
        }
        letters.sort_unstable();
        letters.dedup();
        let mut others = (b'a'..=b'z').rev().cycle().skip(2).take(26).chain(b'0'..=b'9').chain(0x80..=0xFF);
        if let Some(other) = others.find(|letter| !letters.contains(letter)) {
            letters.push(other);
        }
    }

    /// Goes on while only one letter leads on, so that a long run of letters in a pattern costs no memory. Each step
    /// brings a pattern that must match forward, so that this ends.
    fn follow(&self, mut state: State, texts: &mut Texts) -> Option<State> {
        let mut letters = Vec::new();
        loop {
            self.letters(&state, &mut letters);
            let [letter] = *letters.as_slice() else { return Some(state) };
            texts.add(letter);
            state = self.settle(self.step(&state, letter)?)?;
        }
    }

    fn step(&self, state: &State, letter: u8) -> Option<State> {
        let shape = state.shape.step(letter)?;
        let mut places = Vec::with_capacity(state.places.len() + 2);
        let mut from = 0;
        let mut pattern = None;
        for &place in &state.places {
            let of = self.pattern_of(place);
            if pattern != Some(of) {
                self.keep_from_last_star(from, &mut places);
                pattern = Some(of);
                from = places.len();
            }
            match self.tokens[place as usize] {
                Token::Letter(wanted) if wanted == letter => self.enter(place + 1, &mut places),
                Token::Letter(_) | Token::End => {}
                Token::Star | Token::GenerousStar => {
                    places.push(place);
                    self.enter(place + 1, &mut places);
                }
            }
        }
        self.keep_from_last_star(from, &mut places);
        Some(State { shape, places })
    }

    /// Whether a place matches whatever follows: a star at the end of its pattern.
    fn matches_the_rest(&self, place: u32) -> bool {
        matches!(self.tokens[place as usize], Token::Star) && self.tokens[place as usize + 1] == Token::End
    }

    /// Cuts the branch if it can have no witness, and drops the places that no longer change the outcome.
    fn settle(&self, mut state: State) -> Option<State> {
        let mut wanted = self.matched;
        let mut from = 0;
        let mut kept = 0;
        while from < state.places.len() {
            let pattern = self.pattern_of[state.places[from] as usize];
            let role = self.roles[pattern as usize];
            let in_run = |place: &u32| {
                let other = self.pattern_of[*place as usize];
                other == pattern
                    || role.block().is_some() && self.roles[other as usize].block() == role.block()
            };
            let to = from + state.places[from..].iter().take_while(|place| in_run(place)).count();
            let run = from..to;
            from = to;
            let keep = match role {
                Role::Matched => {
                    wanted -= 1;
                    run
                }
                Role::Unmatched => {
                    if state.places[run.clone()].iter().any(|place| self.matches_the_rest(*place)) {
                        return None;
                    }
                    run
                }
                Role::Grants(_) | Role::Excepts(_) => match self.settle_block(&state.places[run.clone()])? {
                    Block::GrantsNothing => continue,
                    Block::Open => run,
                    Block::GrantsUnless { action, excepted } => {
                        let shift = run.start;
                        state.places.copy_within(shift + action..shift + action + 2, kept);
                        kept += 2;
                        shift + excepted..run.end
                    }
                },
            };
            let length = keep.len();
            state.places.copy_within(keep, kept);
            kept += length;
        }
        state.places.truncate(kept);
        (wanted == 0).then_some(state)
    }

    /// What the places of one block, its actions' before its notActions', say of whatever follows; `None` if all of it
    /// is granted.
    fn settle_block(&self, places: &[u32]) -> Option<Block> {
        let is_excepted = |place: &u32| matches!(self.role_of(*place), Role::Excepts(_));
        let excepted = places.iter().position(is_excepted).unwrap_or(places.len());
        let (granting, excepting) = places.split_at(excepted);
        let action = granting.iter().position(|place| self.matches_the_rest(*place));
        match action {
            _ if granting.is_empty() || excepting.iter().any(|place| self.matches_the_rest(*place)) => {
                Some(Block::GrantsNothing)
            }
            Some(_) if excepting.is_empty() => None,
            Some(action) => Some(Block::GrantsUnless { action, excepted }),
            None => Some(Block::Open),
        }
    }

    fn accepts(&self, state: &State) -> bool {
        if !state.shape.is_operation() {
            return false;
        }
        let mut wanted = self.matched;
        let mut granted = None;
        for &place in &state.places {
            if self.tokens[place as usize] != Token::End {
                continue;
            }
            match self.role_of(place) {
                Role::Matched => wanted -= 1,
                Role::Unmatched => return false,
                Role::Grants(block) if granted.is_some_and(|granted| granted != block) => return false,
                Role::Grants(block) => granted = Some(block),
                Role::Excepts(block) if granted == Some(block) => granted = None,
                Role::Excepts(_) => {}
            }
        }
        wanted == 0 && granted.is_none()
    }
}

/// What a block does with whatever follows a text. Indices are into the block's places.
enum Block {
    /// No action can match it any more, or a notAction matches all of it.
    GrantsNothing,
    /// The action whose last star is at `action` matches all of it; the notActions' places start at `excepted`.
    GrantsUnless { action: usize, excepted: usize },
    /// It depends.
    Open,
}
