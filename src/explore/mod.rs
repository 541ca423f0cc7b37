//! Every scenario of a space, in every design, and what that says of each clause.
//!
//! [`explore`] visits the points of a spec's [space](crate::spec::Space). At each it searches every design, and
//! *classifies* what is violated: by the property, and by the smallest set of later clauses that mends it. It says
//! which clause is needed where, and in what two designs differ. A search answers for every set of clauses that agrees
//! with it on the clauses that the encoding consulted, so few of the pairs of a point and a set cost a search.

mod at_point;
mod extent;
mod named;
mod result;
mod run;
mod shard;
mod sufficient;

pub use extent::Extent;
pub use named::{Shown, shown};
pub use result::{Change, Class, ClassKey, Explored, Failure, Need, Sample};
pub use run::{Exploration, explore};
pub use shard::{
    EXPLORE_SCHEMA, ExploreMergeError, is_explored_part, merge_explored, write_explored,
};
pub use sufficient::{add_needs, sufficient};
