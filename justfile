# The commands of everyday work; `just` alone lists them.

default:
    @just --list

# The bundled policies over the sample tenant.
run *ARGS:
    cargo run --release -- check --exit-zero {{ ARGS }}

# Everything that the README calls the tests; `just test policies` runs a part.
test *FILTER:
    cargo test {{ FILTER }}

# The tests of the bundled policies, in the language's own sentences.
test-policies:
    cargo run -- test policies

# Layout of Rust and of Dictum.
fmt:
    cargo fmt
    cargo run -- fmt policies waivers

# All that CI runs.
ci:
    .ci/run
