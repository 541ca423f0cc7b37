//! Steps of more than one word: which steps of a model read or write more than one word of memory that no lock of the
//! thread protects.
//!
//! The counterpart of the [atomicity analysis](super::atomicity): a step of a model is atomic, and what it takes as
//! one has to be one step in the mirrored system, or other threads act between two of its words there and not here.
//!
//! Which words a step touches is computed from its transitions. It *writes* a word that it changes from some value. It
//! *reads* a word if what the step does, to the objects and to its thread, differs between two values that the model
//! reaches and that differ in this word, unless two values that differ in this word alone show that it makes no
//! difference: of words that always change together, all are taken for read. A wait also reads what its condition depends on.
//! A word that no other thread changes while the thread is at the step makes no difference, and is not listed.
//!
//! A word is *protected* in a step if no other thread can touch it meanwhile: each that writes it, and of a word that the
//! step writes also each that reads it, holds a lock then that the step's thread holds too. What a step does to protected
//! words can be moved over the operations of the other threads (Lipton, 1975), so a step with at most one other word
//! is one step, whatever the mirrored system does in between. A semaphore, whose readers do not exclude one another, does not
//! count as a lock.
//!
//! What all that does not show: a result that the thread drops, since it returns or its
//! [`scope`](crate::model::Task::scope) ends; what is one value in the encoding and more than one word in the mirrored
//! system; a lock that excludes more in the model than there; and another thread that acts only where the first of
//! several words is written, and changes one that is read then.

use crate::engine::error::SearchError;
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::thread::Status;
use crate::engine::explicit::search::explored_with;
use crate::engine::explicit::transition_cache::{CachedObject, Effect, Place, TransitionCache};
use crate::model::Encoding;
use crate::trace::ThreadId;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A step that touches more than one word, other than the data of a lock that its thread holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MultiWordStep {
    /// The function of the mirrored system that it stands for.
    pub function: &'static str,
    /// The function that it is called from, if the thread has entered one.
    pub caller: Option<&'static str>,
    /// The object that the step is taken on, with `N` for each number in its name.
    pub object: String,
    /// The words that it writes, with `N` for each number in their names. A word of another object comes with the
    /// name of that.
    pub writes: BTreeSet<String>,
    /// The words that it reads and does not write.
    pub reads: BTreeSet<String>,
    /// Those of them that are not protected: other threads touch them, and hold no lock that the step's thread holds too.
    pub open: BTreeSet<String>,
    /// At most so many words that are not protected are touched in one step.
    pub most_open: usize,
    /// The classes of the locks that the thread holds whenever it takes the step.
    pub holds: BTreeSet<&'static str>,
}

impl MultiWordStep {
    /// Whether it is the same step, of another model or another line of the encoding.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (self.function, self.caller, &self.object) == (other.function, other.caller, &other.object)
    }

    /// Whether it is one step whatever the mirrored system does in between.
    #[must_use]
    pub const fn is_protected(&self) -> bool {
        self.most_open < 2
    }

    /// Adds what the same step does elsewhere.
    pub fn merge(&mut self, other: Self) {
        self.writes.extend(other.writes);
        let reads = other
            .reads
            .into_iter()
            .chain(std::mem::take(&mut self.reads));
        self.reads = reads.filter(|word| !self.writes.contains(word)).collect();
        self.open.extend(other.open);
        self.most_open = self.most_open.max(other.most_open);
        self.holds.retain(|class| other.holds.contains(class));
    }
}

/// The name of a word that [`State::words`](crate::model::State::words) leaves out: two values that differ have the
/// same words.
pub const UNNAMED: &str = "what no word shows";

/// Every step of a model that touches more than one word, other than the data of a lock that its thread holds.
///
/// A thread that sets one bit if another one is clear, in one step:
/// ```
/// use pagelock::engine::multi_word_steps;
/// use pagelock::model::{Encoding, Function, State, World};
/// use std::sync::Arc;
///
/// const CLAIM: Function = Function::new("claim", "a.c");
/// const STOP: Function = Function::new("stop", "a.c");
/// const LOOK: Function = Function::new("is_claimed", "a.c");
///
/// #[derive(Hash)]
/// struct Device { claimed: bool, stopped: bool }
///
/// impl State for Device {
///     fn show(&self) -> String {
///         format!("claimed {} stopped {}", self.claimed, self.stopped)
///     }
/// }
///
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let device = world.cell("device", Device { claimed: false, stopped: false });
///     let other = device.clone();
///     world.thread("user", move |task| task.step(&device, CLAIM, |device| device.claimed |= !device.stopped));
///     world.thread("driver", move |task| {
///         task.step(&other, LOOK, |device| device.claimed)?;
///         task.step(&other, STOP, |device| device.stopped = true)
///     });
/// });
/// let [step] = &multi_word_steps(&model).unwrap()[..] else { panic!("one step") };
/// assert!(step.function == "claim" && !step.is_protected());
/// let words = [&step.writes, &step.reads].map(|words| words.iter().map(String::as_str).collect::<Vec<_>>());
/// // The words are the fields, in their order.
/// assert_eq!(words, [["word a"], ["word b"]]);
/// ```
///
/// # Errors
/// [`SearchError`] as for [`search`](crate::engine::search) by [`Strategy::ExplicitState`](crate::engine::Strategy::ExplicitState).
pub fn multi_word_steps(encoding: &Arc<dyn Encoding>) -> Result<Vec<MultiWordStep>, SearchError> {
    let cache = explored_with(encoding, TransitionCache::with_words())?.cache;
    let objects: Vec<Words> = cache.objects.iter().map(Words::new).collect();
    let all = steps(&cache, &objects);
    let accesses = Accesses::of(&all);
    let mut found: Vec<MultiWordStep> = Vec::new();
    for step in all.iter().filter(|step| step.words.len() > 1) {
        let step = step.named(&cache, &objects, &accesses);
        match found.iter_mut().find(|known| known.is_same(&step)) {
            Some(known) => known.merge(step),
            None => found.push(step),
        }
    }
    found.sort();
    Ok(found)
}

/// What a thread does in one of its local states.
struct Step {
    thread: ThreadId,
    function: &'static str,
    caller: Option<&'static str>,
    /// The object that it is taken on.
    object: usize,
    /// The locks that the thread holds, and no semaphore.
    holds: Vec<ObjectId>,
    words: BTreeMap<Bit, Access>,
}

impl Step {
    /// With the names of what it touches.
    fn named(
        &self,
        cache: &TransitionCache,
        objects: &[Words],
        accesses: &Accesses,
    ) -> MultiWordStep {
        let mut named = MultiWordStep {
            function: self.function,
            caller: self.caller,
            object: objects[self.object].name.clone(),
            writes: BTreeSet::new(),
            reads: BTreeSet::new(),
            open: BTreeSet::new(),
            most_open: 0,
            holds: (self.holds.iter())
                .map(|lock| cache.objects[*lock].class)
                .collect(),
        };
        for (bit, access) in &self.words {
            let of = &objects[bit.0];
            let name = if bit.0 == self.object {
                of.names[bit.1].clone()
            } else {
                format!("{} of {}", of.names[bit.1], of.name)
            };
            if accesses.is_open(self, *bit, *access) {
                named.most_open += 1;
                named.open.insert(name.clone());
            }
            match access {
                Access::Write => named.writes.insert(name),
                Access::Read => named.reads.insert(name),
            };
        }
        named
    }
}

/// Every step of every thread.
fn steps(cache: &TransitionCache, objects: &[Words]) -> Vec<Step> {
    let thread_of: HashMap<u32, ThreadId> = (cache.known.iter())
        .map(|((thread, _), place)| (*place, *thread))
        .collect();
    let mut steps = Vec::new();
    for (number, place) in (0_u32..).zip(&cache.places) {
        let state = &place.thread_state;
        let object = match &state.status {
            Status::Stepping => place.object,
            Status::Awaiting(awaiting) => Some(awaiting.object),
            Status::Acquiring(object) => Some(*object),
            _ => None,
        };
        let (Some(object), Some(thread)) = (object, thread_of.get(&number)) else {
            continue;
        };
        let holds = state.holds.iter().copied();
        steps.push(Step {
            thread: *thread,
            function: state.pending.name,
            caller: state.stack.last().map(|function| function.name),
            object: object.index(),
            holds: holds
                .filter(|object| cache.objects[*object].is_lock)
                .collect(),
            words: touched(cache, objects, place),
        });
    }
    steps
}

/// Who touches each word, and holding which locks.
struct Accesses(HashMap<Bit, BTreeSet<(ThreadId, Access, Vec<ObjectId>)>>);

impl Accesses {
    fn of(steps: &[Step]) -> Self {
        let mut all: HashMap<Bit, BTreeSet<(ThreadId, Access, Vec<ObjectId>)>> = HashMap::new();
        for step in steps {
            for (bit, access) in &step.words {
                let by = (step.thread, *access, step.holds.clone());
                all.entry(*bit).or_default().insert(by);
            }
        }
        Self(all)
    }

    /// Whether another thread can touch a word while a step does.
    fn is_open(&self, step: &Step, bit: Bit, access: Access) -> bool {
        self.0[&bit].iter().any(|(thread, other, holds)| {
            *thread != step.thread
                && (access == Access::Write || *other == Access::Write)
                && !holds.iter().any(|lock| step.holds.contains(lock))
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Access {
    Read,
    Write,
}

/// The values of an object, word by word.
struct Words {
    /// With `N` for each number.
    name: String,
    /// The words that any of its values has, with `N` for each number.
    names: Vec<String>,
    /// Of each value, what each word holds.
    values: Vec<Vec<Option<String>>>,
}

impl Words {
    fn new(object: &CachedObject) -> Self {
        let mut names: Vec<&str> = Vec::new();
        for word in object.words.iter().flatten() {
            if !names.contains(&word.name.as_str()) {
                names.push(&word.name);
            }
        }
        let holds = |value: &usize, name: &&str| {
            let word = object.words[*value].iter().find(|word| word.name == **name);
            word.map(|word| word.value.clone())
        };
        let row = |value: usize| names.iter().map(|name| holds(&value, name)).collect();
        let mut values: Vec<Vec<Option<String>>> = (0..object.words.len()).map(row).collect();
        let mut names: Vec<String> = names.into_iter().map(fold).collect();
        let mut seen: HashMap<Vec<Option<String>>, usize> = HashMap::new();
        let place_among_equals: Vec<usize> = (values.iter())
            .map(|value| {
                let count = seen.entry(value.clone()).or_default();
                *count += 1;
                *count
            })
            .collect();
        // A value without any word is no memory of the mirrored system.
        if !names.is_empty() && seen.values().any(|count| *count > 1) {
            names.push(UNNAMED.to_string());
            for (value, place) in values.iter_mut().zip(place_among_equals) {
                value.push(Some(place.to_string()));
            }
        }
        Self {
            name: fold(&object.name),
            names,
            values,
        }
    }

    /// The words in which two values differ.
    fn differ(&self, one: u32, other: u32) -> impl Iterator<Item = usize> + '_ {
        let (one, other) = (&self.values[one as usize], &self.values[other as usize]);
        (0..self.names.len()).filter(move |word| one[*word] != other[*word])
    }
}

/// A name with `N` for each number in it.
fn fold(name: &str) -> String {
    let mut folded = String::new();
    let mut in_number = false;
    for letter in name.chars() {
        if !letter.is_ascii_digit() {
            folded.push(letter);
        } else if !in_number {
            folded.push('N');
        }
        in_number = letter.is_ascii_digit();
    }
    folded
}

/// What a step was seen to do, where the objects held these values.
struct Case<'c> {
    /// The values of the objects that no lock of the thread protects, and of those that one does.
    open: BTreeMap<usize, u32>,
    protected: BTreeMap<usize, u32>,
    /// Nothing: the thread waits.
    effect: Option<&'c Effect>,
}

impl Case<'_> {
    /// What an object holds afterwards.
    fn after(&self, object: usize, before: u32) -> u32 {
        let values = self.effect.iter().flat_map(|effect| &effect.values);
        let mut own = values.filter(|(changed, _)| changed.index() == object);
        own.next().map_or(before, |(_, value)| *value)
    }
}

/// A word of an object, by numbers.
type Bit = (usize, usize);

/// The words that a step touches in a local state.
fn touched(cache: &TransitionCache, objects: &[Words], place: &Place) -> BTreeMap<Bit, Access> {
    let cases = cases(cache, place);
    let mut words: BTreeMap<Bit, Access> = BTreeMap::new();
    for case in &cases {
        for (object, before) in &case.open {
            for word in objects[*object].differ(*before, case.after(*object, *before)) {
                words.insert((*object, word), Access::Write);
            }
        }
    }
    // The words by which two values differ that the step treats differently: it reads one of them at least. And those
    // that alone make no difference between two values.
    let (mut one_of, mut of_no_matter) = (BTreeSet::new(), BTreeSet::new());
    for (place, one) in cases.iter().enumerate() {
        for other in cases[..place]
            .iter()
            .filter(|other| are_comparable(one, other))
        {
            let common = (one.open.iter())
                .filter_map(|(object, value)| Some((*object, *value, *other.open.get(object)?)));
            let differing = common.flat_map(|(object, one, other)| {
                let words = objects[object].differ(one, other);
                words.map(move |word| (object, word))
            });
            let differing: BTreeSet<Bit> = differing.collect();
            if differ(objects, &words, one, other) {
                one_of.insert(differing);
            } else if differing.len() == 1 {
                of_no_matter.extend(differing);
            }
        }
    }
    let certain = one_of.iter().filter(|set| set.len() == 1).flatten();
    of_no_matter = &of_no_matter - &certain.copied().collect();
    for bit in one_of
        .iter()
        .flatten()
        .filter(|bit| !of_no_matter.contains(bit))
    {
        words.entry(*bit).or_insert(Access::Read);
    }
    // Each alone makes no difference, and all together do: a step that reads both of two bits.
    for set in one_of {
        if !set.iter().any(|bit| words.contains_key(bit)) {
            words.extend(set.into_iter().map(|bit| (bit, Access::Read)));
        }
    }
    words
}

/// Everything that the step of a local state was seen to do.
fn cases<'c>(cache: &TransitionCache, place: &'c Place) -> Vec<Case<'c>> {
    let mut cases = Vec::new();
    let acquired = match place.thread_state.status {
        Status::Acquiring(object) => Some(object),
        _ => None,
    };
    let is_protected = |object: ObjectId| {
        let holds = &place.thread_state.holds;
        cache.objects[object].is_lock && (acquired == Some(object) || holds.contains(&object))
    };
    let steps = place.steps.entries();
    let steps = steps.map(|(objects, values, effect)| (objects, values, Some(effect)));
    let waits = place.ready.entries().filter(|(_, _, is_ready)| !**is_ready);
    let waits = waits.map(|(objects, values, _)| (objects, values, None));
    for (looked_at, values, effect) in steps.chain(waits) {
        let mut case = Case {
            open: BTreeMap::new(),
            protected: BTreeMap::new(),
            effect,
        };
        let looked_at = (cache.objects.ids()).filter(|object| looked_at.contains(*object));
        for (object, value) in looked_at.zip(values) {
            let objects = if is_protected(object) {
                &mut case.protected
            } else {
                &mut case.open
            };
            objects.insert(object.index(), *value);
        }
        cases.push(case);
    }
    cases
}

/// Whether what the thread's locks protect is the same.
fn are_comparable(one: &Case<'_>, other: &Case<'_>) -> bool {
    let mut protected = one.protected.iter();
    protected.all(|(object, value)| {
        other
            .protected
            .get(object)
            .is_none_or(|other| other == value)
    })
}

/// Whether a step does something else: to its thread, to what the thread's locks protect, or to the words that it
/// writes.
fn differ(
    objects: &[Words],
    words: &BTreeMap<Bit, Access>,
    one: &Case<'_>,
    other: &Case<'_>,
) -> bool {
    let (Some(first), Some(second)) = (one.effect, other.effect) else {
        return one.effect.is_some() != other.effect.is_some();
    };
    if (first.place, &first.holders, &first.violations)
        != (second.place, &second.holders, &second.violations)
    {
        return true;
    }
    let of_both = one.protected.keys().chain(other.protected.keys());
    let protected = of_both.into_iter().any(|object| {
        let after = |case: &Case<'_>| {
            let before = case.protected.get(object);
            before.map(|before| (*before, case.after(*object, *before)))
        };
        match (after(one), after(other)) {
            (Some((_, one)), Some((_, other))) => one != other,
            (Some((before, after)), None) | (None, Some((before, after))) => before != after,
            (None, None) => false,
        }
    });
    protected
        || words.keys().any(|(object, word)| {
            let after = |case: &Case<'_>| {
                let before = case.open.get(object)?;
                let after = case.after(*object, *before);
                Some((*before, after))
            };
            let of = &objects[*object];
            let holds = |value: u32| &of.values[value as usize][*word];
            match (after(one), after(other)) {
                (Some((_, one)), Some((_, other))) => holds(one) != holds(other),
                (Some((before, after)), None) | (None, Some((before, after))) => {
                    holds(before) != holds(after)
                }
                (None, None) => false,
            }
        })
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::model::{Function, State, World};

    const STEP: Function = Function::new("step", "a.c");
    const LOCK: Function = Function::new("lock", "a.c");
    const OTHER: Function = Function::new("other", "a.c");

    /// Three bits, each a word of its own.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
    struct Bits {
        a: bool,
        b: bool,
        c: bool,
    }

    impl State for Bits {
        fn show(&self) -> String {
            format!("{self:?}")
        }

        fn words(&self) -> Vec<Word> {
            vec![
                Word::new("a", self.a),
                Word::new("b", self.b),
                Word::new("c", self.c),
            ]
        }
    }

    use crate::engine::execution::word::Word;

    /// The step of a thread, where others set and clear each bit by itself.
    fn found<R: std::hash::Hash + 'static>(
        step: impl Fn(&mut Bits) -> R + Copy + Send + Sync + 'static,
    ) -> Vec<(String, String)> {
        let encoding: Arc<dyn Encoding> = Arc::new(move |world: &mut World| {
            let bits = world.cell("bits 1", Bits::default());
            let flips: [fn(&mut Bits); 3] = [|x| x.a = !x.a, |x| x.b = !x.b, |x| x.c = !x.c];
            for (name, flip) in ["a", "b", "c"].into_iter().zip(flips) {
                let bits = bits.clone();
                world.thread(name, move |task| {
                    task.step(&bits, OTHER, flip)?;
                    task.step(&bits, OTHER, flip)
                });
            }
            let end = world.cell("end", ());
            // What the step returns makes a difference: the thread goes on.
            world.thread("one", move |task| {
                task.step(&bits, STEP, step)?;
                task.step(&end, OTHER, |()| ())
            });
        });
        let steps = multi_word_steps(&encoding).unwrap();
        let joined = |words: &BTreeSet<String>| words.iter().cloned().collect::<String>();
        let words = |step: &MultiWordStep| (joined(&step.writes), joined(&step.reads));
        assert!(
            steps
                .iter()
                .all(|step| step.function == "step" && step.object == "bits N")
        );
        steps.iter().map(words).collect()
    }

    fn row(writes: &str, reads: &str) -> Vec<(String, String)> {
        vec![(writes.to_string(), reads.to_string())]
    }

    #[test]
    fn one_word_is_no_row() {
        assert_eq!(found(|_| ()), []);
        assert_eq!(found(|bits| bits.a), []);
        assert_eq!(found(|bits| std::mem::replace(&mut bits.a, true)), []);
        assert_eq!(found(|bits| bits.c = !bits.c), []);
    }

    #[test]
    fn two_words_are_a_row_whether_they_are_written_or_read() {
        assert_eq!(found(|bits| (bits.a, bits.b) = (true, true)), row("ab", ""));
        assert_eq!(found(|bits| bits.a |= bits.b), row("a", "b"));
        assert_eq!(
            found(|bits| std::mem::swap(&mut bits.a, &mut bits.c)),
            row("ac", "")
        );
        assert_eq!(found(|bits| (bits.a, bits.c)), row("", "ac"));
        assert_eq!(found(|bits| bits.a && bits.b && bits.c), row("", "abc"));
        assert_eq!(
            found(|bits| {
                bits.a |= bits.b;
                bits.c
            }),
            row("a", "bc")
        );
    }

    /// The words that a wait's condition depends on are read in the same step as the others.
    #[test]
    fn a_wait_reads_what_it_waits_for() {
        let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
            let bits = world.cell("bits", Bits::default());
            let (other, end) = (bits.clone(), world.cell("end", ()));
            world.thread("waits", move |task| {
                let wait = crate::model::Wait::on("a");
                task.step_when(&bits, STEP, &wait, |bits| bits.a, |bits| bits.b)?;
                task.step(&end, OTHER, |()| ())
            });
            world.thread("sets", move |task| {
                task.step(&other, OTHER, |bits| bits.a = true)?;
                task.step(&other, OTHER, |bits| bits.b = true)
            });
        });
        let steps = multi_word_steps(&encoding).unwrap();
        let [step] = &steps[..] else {
            panic!("one step: {steps:?}")
        };
        assert_eq!(step.reads, ["a", "b"].map(ToString::to_string).into());
    }

    /// From two bits that are clear, to set either one makes no difference, and to set both does.
    #[test]
    fn a_conjunction_reads_both() {
        let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
            let (bits, end) = (world.cell("bits", Bits::default()), world.cell("end", ()));
            for flip in [0, 1, 2] {
                let bits = bits.clone();
                world.thread(format!("sets {flip}"), move |task| {
                    task.step(&bits, OTHER, move |bits| {
                        if *bits == Bits::default() {
                            (bits.a, bits.b) = (flip != 1, flip != 0);
                        }
                    })
                });
            }
            world.thread("one", move |task| {
                task.step(&bits, STEP, |bits| bits.a && bits.b)?;
                task.step(&end, OTHER, |()| ())
            });
        });
        let steps = multi_word_steps(&encoding).unwrap();
        let of_one = steps.iter().filter(|step| step.function == "step");
        let reads: Vec<_> = of_one.map(|step| step.reads.clone()).collect();
        assert_eq!(reads, [["a", "b"].map(ToString::to_string).into()]);
    }

    /// Data under its own lock is left out; what a lock of another kind is held over is named with it.
    #[test]
    fn only_the_lock_of_the_words_protects_them() {
        let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
            let cell = world.cell("cell", Bits::default());
            let lock = world.lock("lock", "mutex", Bits::default());
            for name in ["one", "two"] {
                let (cell, lock) = (cell.clone(), lock.clone());
                world.thread(name, move |task| {
                    let mut held = task.acquire(&lock, LOCK)?;
                    held.update(|bits| (bits.a, bits.b) = (bits.b, true));
                    let both = task.step(&cell, STEP, |bits| {
                        (bits.a, bits.b) = (true, true);
                        bits.c
                    })?;
                    held.update(move |bits| bits.c |= both);
                    Ok(())
                });
            }
        });
        let steps = multi_word_steps(&encoding).unwrap();
        let [step] = &steps[..] else {
            panic!("one step: {steps:?}")
        };
        assert_eq!((step.function, &step.object[..]), ("step", "cell"));
        assert_eq!(step.holds, ["mutex"].into());
        // Both threads hold the same lock.
        assert!(step.is_protected() && step.open.is_empty());
        assert_eq!(step.writes, ["a", "b"].map(ToString::to_string).into());
    }

    /// Fields are the words where a type names none; two values that no word tells apart are noticed.
    #[test]
    fn words_without_names_are_those_that_are_hashed() {
        #[derive(Hash)]
        struct Plain(bool, u16);
        impl State for Plain {
            fn show(&self) -> String {
                format!("{} {}", self.0, self.1)
            }
        }
        #[derive(Hash)]
        struct Wrong(bool, u16);
        impl State for Wrong {
            fn show(&self) -> String {
                format!("{} {}", self.0, self.1)
            }
            fn words(&self) -> Vec<Word> {
                vec![Word::new("first", self.0)]
            }
        }
        let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
            let (plain, wrong) = (
                world.cell("p", Plain(false, 0)),
                world.cell("w", Wrong(false, 0)),
            );
            world.thread("one", move |task| {
                task.step(&plain, STEP, |plain| (plain.0, plain.1) = (true, 7))?;
                task.step(&wrong, STEP, |wrong| wrong.1 = 7)?;
                task.step(&wrong, OTHER, |wrong| (wrong.0, wrong.1) = (true, 8))
            });
        });
        let steps = multi_word_steps(&encoding).unwrap();
        let writes = |step: &MultiWordStep| step.writes.iter().cloned().collect::<Vec<_>>();
        let all: Vec<(&str, Vec<String>)> = (steps.iter())
            .map(|step| (step.function, writes(step)))
            .collect();
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            all,
            [
                ("other", names(&["first", UNNAMED])),
                ("step", names(&["word a", "word b"])),
            ]
        );
    }
}
