//! What can be reached, and in which order components are numbered.

mod reach;
mod steps;
