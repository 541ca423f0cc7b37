//! The designs that each engine's suite has a test for: one line for each spec.

/// One module for each spec, with one test for each design, called after the engine; each calls
/// `as_expected` of the suite with the names of the spec and the design.
macro_rules! one_test_for_each_design {
    ($engine:ident) => {
        one_test_for_each_design! {
            $engine:
            page_mkwrite = "page-mkwrite": old, patched, fixed;
            ext4_writepage = "ext4-writepage": old, parent, patched, fixed2011, fixed;
            ext4_journalled_writepage = "ext4-journalled-writepage": old, parent, patched, fixed2015, fixed2021a, fixed2021, fixed;
            ext4_journal_start = "ext4-journal-start": old, patched, fixed;
            nfs_coalesce = "nfs-coalesce": old, patched, fixed;
        }
    };
    ($engine:ident: $($module:ident = $spec:literal: $($design:ident),+;)+) => {
        $(mod $module {
            $(mod $design {
                #[test]
                fn $engine() {
                    crate::as_expected($spec, stringify!($design));
                }
            })+
        })+

        #[test]
        fn every_design_of_every_spec_has_a_test() {
            let tested: Vec<(&str, Vec<&str>)> =
                vec![$(($spec, vec![$(stringify!($design)),+])),+];
            let listed: Vec<(&str, Vec<&str>)> = pagelock::protocols::ALL
                .iter()
                .map(|spec| (spec.name, spec.designs.iter().map(|design| design.name).collect()))
                .collect();
            assert_eq!(tested, listed);
        }
    };
}
