//! Another checker, as small as it gets: it knows of the crate nothing but the text that `export` writes.

use serde::Deserialize;
use std::collections::{BTreeSet, HashMap, VecDeque};

#[derive(Debug, Deserialize)]
pub(crate) struct Corpus {
    pub(crate) specs: Vec<Spec>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Spec {
    pub(crate) name: String,
    pub(crate) models: Vec<Model>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Model {
    pub(crate) design: String,
    pub(crate) scenario: String,
    pub(crate) automata: Option<Automata>,
    pub(crate) result: Option<Found>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    pub(crate) states: u64,
    pub(crate) transitions: u64,
    pub(crate) ends: u64,
    pub(crate) schedules: u64,
    pub(crate) violated: Vec<Violated>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Violated {
    pub(crate) property: String,
    pub(crate) schedule: Vec<usize>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Automata {
    objects: Vec<Object>,
    pub(crate) threads: Vec<Thread>,
    #[serde(default)]
    violated_at_first: Vec<String>,
    #[serde(default)]
    at_the_end: Vec<EndCheck>,
}

#[derive(Debug, Clone, Deserialize)]
struct Object {
    initial: usize,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Thread {
    operations: Vec<Operation>,
    pub(crate) local_states: Vec<LocalState>,
    initial: usize,
}

#[derive(Debug, Clone, Deserialize)]
struct Operation {
    kind: String,
    object: usize,
    wait: Option<Wait>,
}

#[derive(Debug, Clone, Deserialize)]
struct Wait {
    #[serde(default)]
    for_work: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct LocalState {
    operation: Option<usize>,
    end: Option<String>,
    #[serde(default)]
    opens: Vec<usize>,
    #[serde(default)]
    pub(crate) transitions: Vec<Transition>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Transition {
    #[serde(default)]
    pub(crate) when: Vec<(usize, usize)>,
    #[serde(default)]
    pub(crate) writes: Vec<(usize, usize)>,
    #[serde(default)]
    pub(crate) takes: Vec<usize>,
    #[serde(default)]
    pub(crate) gives: Vec<usize>,
    #[serde(default)]
    violates: Vec<String>,
    pub(crate) to: usize,
}

#[derive(Debug, Clone, Deserialize)]
struct EndCheck {
    #[serde(default)]
    when: Vec<(usize, usize)>,
    violates: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct State {
    values: Vec<usize>,
    holders: Vec<Option<usize>>,
    local_states: Vec<usize>,
}

/// What an exploration comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Explored {
    pub(crate) states: u64,
    pub(crate) transitions: u64,
    pub(crate) ends: u64,
    pub(crate) schedules: u64,
    pub(crate) violated: BTreeSet<String>,
}

impl State {
    fn has(&self, values: &[(usize, usize)]) -> bool {
        let mut values = values.iter();
        values.all(|(object, value)| self.values[*object] == *value)
    }
}

impl Automata {
    fn first(&self) -> State {
        State {
            values: self.objects.iter().map(|object| object.initial).collect(),
            holders: vec![None; self.objects.len()],
            local_states: self.threads.iter().map(|thread| thread.initial).collect(),
        }
    }

    fn local_state(&self, state: &State, thread: usize) -> Result<&LocalState, String> {
        let local = self.threads[thread]
            .local_states
            .get(state.local_states[thread]);
        local.ok_or_else(|| format!("thread {thread} is nowhere"))
    }

    fn can_go_on(&self, state: &State, thread: usize) -> Result<bool, String> {
        let local = self.local_state(state, thread)?;
        let Some(operation) = local.operation else {
            return Ok(false);
        };
        let operation = &self.threads[thread].operations[operation];
        match operation.kind.as_str() {
            "step" => Ok(true),
            "acquire" => Ok(state.holders[operation.object].is_none()),
            "wait" => Ok(local.opens.contains(&state.values[operation.object])),
            kind => Err(format!("what is {kind}?")),
        }
    }

    fn runnable(&self, state: &State) -> Result<Vec<usize>, String> {
        let mut runnable = Vec::new();
        for thread in 0..self.threads.len() {
            if self.can_go_on(state, thread)? {
                runnable.push(thread);
            }
        }
        Ok(runnable)
    }

    /// The one transition that a thread takes.
    fn transition(&self, state: &State, thread: usize) -> Result<&Transition, String> {
        let all = self.local_state(state, thread)?.transitions.iter();
        let fitting: Vec<&Transition> = all.filter(|one| state.has(&one.when)).collect();
        match fitting[..] {
            [one] => Ok(one),
            _ => Err(format!("thread {thread} has {} transitions", fitting.len())),
        }
    }

    fn after(state: &State, thread: usize, transition: &Transition) -> Result<State, String> {
        let mut after = state.clone();
        for (object, value) in &transition.writes {
            after.values[*object] = *value;
        }
        for lock in &transition.takes {
            if after.holders[*lock].replace(thread).is_some() {
                return Err(format!("thread {thread} takes what is held"));
            }
        }
        for lock in &transition.gives {
            if after.holders[*lock].take() != Some(thread) {
                return Err(format!("thread {thread} gives up what it does not hold"));
            }
        }
        after.local_states[thread] = transition.to;
        Ok(after)
    }

    /// What is violated where no thread can go on.
    fn violated_at_an_end(&self, state: &State) -> Result<Vec<&str>, String> {
        let mut all_returned = true;
        for (thread, automaton) in self.threads.iter().enumerate() {
            let local = self.local_state(state, thread)?;
            all_returned &= local.end.as_deref() != Some("left");
            let operation = local.operation.map(|at| &automaton.operations[at]);
            let waits = operation.filter(|at| !at.wait.as_ref().is_some_and(|wait| wait.for_work));
            if waits.is_some() {
                return Ok(vec!["no-deadlock"]);
            }
        }
        let checks = self
            .at_the_end
            .iter()
            .filter(|check| state.has(&check.when));
        let found = checks.flat_map(|check| &check.violates).map(String::as_str);
        Ok(found.filter(|_| all_returned).collect())
    }

    /// Every state, breadth first. `Err` if the automata contradict themselves.
    pub(crate) fn explore(&self) -> Result<Explored, String> {
        let mut numbers = HashMap::from([(self.first(), 0_usize)]);
        let mut queue = VecDeque::from([self.first()]);
        let mut edges: Vec<Vec<usize>> = Vec::new();
        let mut violated: BTreeSet<&str> =
            self.violated_at_first.iter().map(String::as_str).collect();
        while let Some(state) = queue.pop_front() {
            let mut own = Vec::new();
            for thread in self.runnable(&state)? {
                let transition = self.transition(&state, thread)?;
                violated.extend(transition.violates.iter().map(String::as_str));
                let after = Self::after(&state, thread, transition)?;
                let next = numbers.len();
                let number = *numbers.entry(after.clone()).or_insert(next);
                if number == next {
                    queue.push_back(after);
                }
                own.push(number);
            }
            if own.is_empty() {
                violated.extend(self.violated_at_an_end(&state)?);
            }
            edges.push(own);
        }
        Ok(Explored {
            states: edges.len() as u64,
            transitions: edges.iter().map(|own| own.len() as u64).sum(),
            ends: edges.iter().filter(|own| own.is_empty()).count() as u64,
            schedules: schedules(&edges)?,
            violated: violated.into_iter().map(ToString::to_string).collect(),
        })
    }

    /// What a schedule violates; with `on`, whatever follows it too if each thread goes on as long as it can.
    pub(crate) fn follow(&self, schedule: &[usize], on: bool) -> Result<BTreeSet<String>, String> {
        let mut state = self.first();
        let mut violated: Vec<&str> = self.violated_at_first.iter().map(String::as_str).collect();
        let mut given = schedule.iter().copied();
        loop {
            let runnable = self.runnable(&state)?;
            let next = match given.next() {
                Some(thread) if runnable.contains(&thread) => thread,
                Some(thread) => return Err(format!("thread {thread} cannot go on")),
                None => match runnable.first() {
                    Some(thread) if on => *thread,
                    Some(_) => break,
                    None => {
                        violated.extend(self.violated_at_an_end(&state)?);
                        break;
                    }
                },
            };
            let transition = self.transition(&state, next)?;
            violated.extend(transition.violates.iter().map(String::as_str));
            state = Self::after(&state, next, transition)?;
        }
        Ok(violated.into_iter().map(ToString::to_string).collect())
    }
}

/// The ways from the first state to an end. `Err` if there is a way round.
fn schedules(edges: &[Vec<usize>]) -> Result<u64, String> {
    let mut before = vec![0_usize; edges.len()];
    edges.iter().flatten().for_each(|to| before[*to] += 1);
    let mut ways = vec![0_u64; edges.len()];
    ways[0] = 1;
    let (mut open, mut seen, mut ended) = (Vec::new(), 0, 0_u64);
    open.extend((before[0] == 0).then_some(0));
    while let Some(at) = open.pop() {
        seen += 1;
        if edges[at].is_empty() {
            ended = ended.saturating_add(ways[at]);
        }
        for to in &edges[at] {
            ways[*to] = ways[*to].saturating_add(ways[at]);
            before[*to] -= 1;
            if before[*to] == 0 {
                open.push(*to);
            }
        }
    }
    let all = seen == edges.len();
    all.then_some(ended)
        .ok_or_else(|| "a state comes again".to_string())
}
