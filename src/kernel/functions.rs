//! The kernel functions that the models' steps are named after, with their source files.
//!
//! Names and files are those of 2.6.26 to 2.6.31, and for NFS those of 2.6.21.
//!
//! ```
//! use pagelock::model::Function;
//! use pagelock::kernel::functions as f;
//!
//! assert_eq!((f::LOCK_PAGE.name, f::LOCK_PAGE.file), ("lock_page", "mm/filemap.c"));
//! // A model of other functions names its own, in the same way.
//! const INVALIDATE_LOCK: Function = Function::new("filemap_invalidate_lock", "include/linux/fs.h");
//! assert_ne!(INVALIDATE_LOCK, f::LOCK_PAGE);
//! ```

use crate::model::Function;

macro_rules! functions {
    ($($(#[$doc:meta])* $constant:ident = $name:literal in $file:literal;)*) => {
        $($(#[$doc])* #[doc = concat!("`", $name, "`, ", $file, ".")]
        pub const $constant: Function = Function::new($name, $file);)*
    };
}

functions! {
    LOCK_PAGE = "lock_page" in "mm/filemap.c";
    UNLOCK_PAGE = "unlock_page" in "mm/filemap.c";
    GRAB_CACHE_PAGE = "__grab_cache_page" in "mm/filemap.c";
    FIND_GET_PAGES_TAG = "find_get_pages_tag" in "mm/filemap.c";
    END_PAGE_WRITEBACK = "end_page_writeback" in "mm/filemap.c";
    WAIT_ON_PAGE_WRITEBACK = "wait_on_page_writeback" in "include/linux/pagemap.h";
    I_SIZE_READ = "i_size_read" in "include/linux/fs.h";
    I_SIZE_WRITE = "i_size_write" in "include/linux/fs.h";
    COPY_FROM_USER = "iov_iter_copy_from_user_atomic" in "mm/filemap.c";
    GENERIC_FILE_AIO_WRITE = "generic_file_aio_write" in "mm/filemap.c";
    WRITE_CACHE_PAGES = "write_cache_pages" in "mm/page-writeback.c";
    CLEAR_PAGE_DIRTY_FOR_IO = "clear_page_dirty_for_io" in "mm/page-writeback.c";
    TEST_SET_PAGE_WRITEBACK = "test_set_page_writeback" in "mm/page-writeback.c";
    REDIRTY_PAGE_FOR_WRITEPAGE = "redirty_page_for_writepage" in "mm/page-writeback.c";
    PAGE_MKCLEAN = "page_mkclean" in "mm/rmap.c";
    SHRINK_PAGE_LIST = "shrink_page_list" in "mm/vmscan.c";
    PAGEOUT = "pageout" in "mm/vmscan.c";
    SET_PAGE_DIRTY_NOBUFFERS = "__set_page_dirty_nobuffers" in "mm/page-writeback.c";
    WAIT_ON_PAGE_LOCKED = "wait_on_page_locked" in "include/linux/pagemap.h";
    WB_KUPDATE = "wb_kupdate" in "mm/page-writeback.c";
    SET_PAGE_DIRTY_BALANCE = "set_page_dirty_balance" in "mm/page-writeback.c";
    BALANCE_DIRTY_PAGES = "balance_dirty_pages_ratelimited" in "mm/page-writeback.c";
    FILEMAP_FAULT = "filemap_fault" in "mm/filemap.c";
    USER_STORE = "store" in "user space";
    HANDLE_PTE_FAULT = "handle_pte_fault" in "mm/memory.c";
    DO_WP_PAGE = "do_wp_page" in "mm/memory.c";
    DO_FAULT = "__do_fault" in "mm/memory.c";
    ZAP_PTE_RANGE = "zap_pte_range" in "mm/memory.c";
    UNMAP_MAPPING_RANGE = "unmap_mapping_range" in "mm/memory.c";
    VMTRUNCATE = "vmtruncate" in "mm/memory.c";
    TRUNCATE_INODE_PAGES_RANGE = "truncate_inode_pages_range" in "mm/truncate.c";
    TRUNCATE_PARTIAL_PAGE = "truncate_partial_page" in "mm/truncate.c";
    JOURNAL_DESTROY = "jbd2_journal_destroy" in "fs/jbd2/journal.c";
    REMOVE_FROM_PAGE_CACHE = "__remove_from_page_cache" in "mm/filemap.c";
    SET_PAGE_DIRTY_LOCK = "set_page_dirty_lock" in "mm/page-writeback.c";
    GET_USER_PAGES = "get_user_pages" in "mm/memory.c";
    DEVICE_STORE = "DMA" in "device";
    CANCEL_DIRTY_PAGE = "cancel_dirty_page" in "mm/truncate.c";
    NOTIFY_CHANGE = "notify_change" in "fs/attr.c";
    DO_FSYNC = "do_fsync" in "fs/sync.c";
    FILE_UPDATE_TIME = "file_update_time" in "fs/inode.c";
    INVALIDATEPAGE = "do_invalidatepage" in "mm/truncate.c";
    TRUNCATE_COMPLETE_PAGE = "truncate_complete_page" in "mm/truncate.c";
    SET_PAGE_DIRTY_BUFFERS = "__set_page_dirty_buffers" in "fs/buffer.c";
    MARK_BUFFER_DIRTY = "mark_buffer_dirty" in "fs/buffer.c";
    BLOCK_WRITE_BEGIN = "block_write_begin" in "fs/buffer.c";
    BLOCK_COMMIT_WRITE = "__block_commit_write" in "fs/buffer.c";
    GENERIC_WRITE_END = "generic_write_end" in "fs/buffer.c";
    BLOCK_WRITE_FULL_PAGE = "block_write_full_page" in "fs/buffer.c";
    MPAGE_WRITEPAGE = "__mpage_writepage" in "fs/mpage.c";
    START_THIS_HANDLE = "start_this_handle" in "fs/jbd2/transaction.c";
    JOURNAL_STOP = "jbd2_journal_stop" in "fs/jbd2/transaction.c";
    JOURNAL_DIRTY_METADATA = "jbd2_journal_dirty_metadata" in "fs/jbd2/transaction.c";
    KJOURNALD2 = "kjournald2" in "fs/jbd2/journal.c";
    COMMIT_TRANSACTION = "jbd2_journal_commit_transaction" in "fs/jbd2/commit.c";
    SUBMIT_INODE_DATA_BUFFERS = "journal_submit_inode_data_buffers" in "fs/jbd2/commit.c";
    EXT4_JOURNAL_START = "ext4_journal_start" in "fs/ext4/ext4_jbd2.h";
    EXT4_WB_UPDATE_I_DISKSIZE = "ext4_wb_update_i_disksize" in "fs/ext4/ext4.h";
    EXT4_SETATTR = "ext4_setattr" in "fs/ext4/inode.c";
    EXT4_EXT_TRUNCATE = "ext4_ext_truncate" in "fs/ext4/extents.c";
    EXT4_DA_INVALIDATEPAGE = "ext4_da_invalidatepage" in "fs/ext4/inode.c";
    EXT4_DA_WRITE_BEGIN = "ext4_da_write_begin" in "fs/ext4/inode.c";
    EXT4_DA_WRITE_END = "ext4_da_write_end" in "fs/ext4/inode.c";
    EXT4_DA_GET_BLOCK_PREP = "ext4_da_get_block_prep" in "fs/ext4/inode.c";
    EXT4_DA_GET_BLOCK_WRITE = "ext4_da_get_block_write" in "fs/ext4/inode.c";
    EXT4_GET_BLOCKS_WRAP = "ext4_get_blocks_wrap" in "fs/ext4/inode.c";
    EXT4_DA_WRITEPAGE = "ext4_da_writepage" in "fs/ext4/inode.c";
    EXT4_DA_WRITEPAGES = "ext4_da_writepages" in "fs/ext4/inode.c";
    MPAGE_DA_WRITEPAGES = "mpage_da_writepages" in "fs/ext4/inode.c";
    MPAGE_DA_WRITEPAGE = "__mpage_da_writepage" in "fs/ext4/inode.c";
    MPAGE_DA_MAP_BLOCKS = "mpage_da_map_blocks" in "fs/ext4/inode.c";
    MPAGE_PUT_BNR_TO_BHS = "mpage_put_bnr_to_bhs" in "fs/ext4/inode.c";
    MPAGE_DA_SUBMIT_IO = "mpage_da_submit_io" in "fs/ext4/inode.c";
    PAGE_MKWRITE = "page_mkwrite" in "the filesystem";
    WRITEPAGE = "writepage" in "the filesystem";
    WRITE_END_IO = "end of the write" in "the filesystem";
    INVALIDATE = "invalidatepage" in "the filesystem";
    FILE_WRITE = "write_begin" in "the filesystem";
    DIRTY_INODE = "dirty_inode" in "the filesystem";
    EXT4_PAGE_MKWRITE = "ext4_page_mkwrite" in "fs/ext4/inode.c";
    EXT4_MARK_INODE_DIRTY = "ext4_mark_inode_dirty" in "fs/ext4/inode.c";
    EXT4_EXT_GET_BLOCKS = "ext4_ext_get_blocks" in "fs/ext4/extents.c";
    GENERIC_WRITEPAGES = "generic_writepages" in "mm/page-writeback.c";
    TRUNCATE_INODE_PAGES = "truncate_inode_pages" in "mm/truncate.c";
    INVALIDATE_INODE_PAGES2 = "invalidate_inode_pages2" in "mm/truncate.c";
    SEND_SIGNAL = "send_signal" in "kernel/signal.c";
    MARK_INODE_DIRTY = "__mark_inode_dirty" in "fs/fs-writeback.c";
    NFS_FILE_WRITE = "nfs_file_write" in "fs/nfs/file.c";
    SYNC_SINGLE_INODE = "__sync_single_inode" in "fs/fs-writeback.c";
    NFS_FSYNC = "nfs_fsync" in "fs/nfs/file.c";
    NFS_LOCK_REQUEST = "nfs_lock_request_dontget" in "include/linux/nfs_page.h";
    NFS_PAGE_MARK_FLUSH = "nfs_page_mark_flush" in "fs/nfs/write.c";
    NFS_PAGE_ASYNC_FLUSH = "nfs_page_async_flush" in "fs/nfs/write.c";
    NFS_WRITEPAGE_LOCKED = "nfs_writepage_locked" in "fs/nfs/write.c";
    NFS_WRITEPAGE = "nfs_writepage" in "fs/nfs/write.c";
    NFS_WRITEPAGES = "nfs_writepages" in "fs/nfs/write.c";
    NFS_WRITEPAGE_SETUP = "nfs_writepage_setup" in "fs/nfs/write.c";
    NFS_UPDATE_REQUEST = "nfs_update_request" in "fs/nfs/write.c";
    NFS_DIRTY_REQUEST = "nfs_dirty_request" in "fs/nfs/write.c";
    NFS_INODE_ADD_REQUEST = "nfs_inode_add_request" in "fs/nfs/write.c";
    NFS_INODE_REMOVE_REQUEST = "nfs_inode_remove_request" in "fs/nfs/write.c";
    NFS_REDIRTY_REQUEST = "nfs_redirty_request" in "fs/nfs/write.c";
    NFS_SET_PAGE_DIRTY = "nfs_set_page_dirty" in "fs/nfs/write.c";
    NFS_MARK_REQUEST_COMMIT = "nfs_mark_request_commit" in "fs/nfs/write.c";
    NFS_WAIT_ON_REQUESTS = "nfs_wait_on_requests_locked" in "fs/nfs/write.c";
    NFS_SCAN_DIRTY = "nfs_scan_dirty" in "fs/nfs/write.c";
    NFS_SCAN_COMMIT = "nfs_scan_commit" in "fs/nfs/write.c";
    NFS_FLUSH_MAPPING = "nfs_flush_mapping" in "fs/nfs/write.c";
    NFS_FLUSH_LIST = "nfs_flush_list" in "fs/nfs/write.c";
    NFS_FLUSH_ONE = "nfs_flush_one" in "fs/nfs/write.c";
    NFS_COMMIT_LIST = "nfs_commit_list" in "fs/nfs/write.c";
    NFS_SYNC_MAPPING_WAIT = "nfs_sync_mapping_wait" in "fs/nfs/write.c";
    NFS_WB_ALL = "nfs_wb_all" in "fs/nfs/write.c";
    NFS_WB_PAGE = "nfs_wb_page_priority" in "fs/nfs/write.c";
    NFS_WRITEBACK_DONE = "nfs_writeback_done_full" in "fs/nfs/write.c";
    NFS_COMMIT_DONE = "nfs_commit_done" in "fs/nfs/write.c";
    NFS_WAIT_ON_REQUEST = "nfs_wait_on_request" in "fs/nfs/pagelist.c";
    NFS_UNLOCK_REQUEST = "nfs_unlock_request" in "fs/nfs/pagelist.c";
    NFS_CLEAR_PAGE_WRITEBACK = "nfs_clear_page_writeback" in "fs/nfs/pagelist.c";
    NFS_PAGEIO_ADD_REQUEST = "nfs_pageio_add_request" in "fs/nfs/pagelist.c";
    NFS_PAGEIO_COMPLETE = "nfs_pageio_complete" in "fs/nfs/pagelist.c";
    NFS_PAGEIO_COND_COMPLETE = "nfs_pageio_cond_complete" in "fs/nfs/pagelist.c";
    RPC_EXECUTE = "rpc_execute" in "net/sunrpc/sched.c";
    MEMORY_STORE = "store" in "user space";
    DOWN_READ = "down_read" in "kernel/rwsem.c";
    DOWN_WRITE = "down_write" in "kernel/rwsem.c";
    DOWN_READ_TRYLOCK = "down_read_trylock" in "kernel/rwsem.c";
    DOWN_WRITE_TRYLOCK = "down_write_trylock" in "kernel/rwsem.c";
    DOWNGRADE_WRITE = "downgrade_write" in "kernel/rwsem.c";
    UP_READ = "up_read" in "kernel/rwsem.c";
    UP_WRITE = "up_write" in "kernel/rwsem.c";
    J_STATE_LOCK = "spin_lock(&journal->j_state_lock)" in "fs/jbd2/transaction.c";
    BUFFER_FREED = "buffer_freed" in "include/linux/jbd2.h";
    GET_WRITE_ACCESS = "jbd2_journal_get_write_access" in "fs/jbd2/transaction.c";
    JOURNAL_UNMAP_BUFFER = "journal_unmap_buffer" in "fs/jbd2/transaction.c";
    JOURNAL_INVALIDATEPAGE = "jbd2_journal_invalidatepage" in "fs/jbd2/transaction.c";
    TRY_TO_FREE_BUFFERS = "jbd2_journal_try_to_free_buffers" in "fs/jbd2/transaction.c";
    DROP_BUFFERS = "drop_buffers" in "fs/buffer.c";
    GET_BH = "get_bh" in "include/linux/buffer_head.h";
    PUT_BH = "put_bh" in "include/linux/buffer_head.h";
    BLOCK_INVALIDATEPAGE = "block_invalidatepage" in "fs/buffer.c";
    DISCARD_BUFFER = "discard_buffer" in "fs/buffer.c";
    BLOCK_PREPARE_WRITE = "block_prepare_write" in "fs/buffer.c";
    BLOCK_WRITE_FULL_PAGE_INNER = "__block_write_full_page" in "fs/buffer.c";
    SET_PAGE_DIRTY = "set_page_dirty" in "mm/page-writeback.c";
    TRY_TO_UNMAP = "try_to_unmap" in "mm/rmap.c";
    REMOVE_MAPPING = "__remove_mapping" in "mm/vmscan.c";
    PAGECACHE_ISIZE_EXTENDED = "pagecache_isize_extended" in "mm/truncate.c";
    EXT4_TRUNCATE = "ext4_truncate" in "fs/ext4/inode.c";
    EXT4_ZERO_RANGE = "ext4_zero_range" in "fs/ext4/extents.c";
    EXT4_WRITE_BEGIN = "ext4_write_begin" in "fs/ext4/inode.c";
    EXT4_WRITE_END = "ext4_ordered_write_end" in "fs/ext4/inode.c";
    EXT4_JOURNALLED_WRITE_END = "ext4_journalled_write_end" in "fs/ext4/inode.c";
    EXT4_GET_BLOCK = "ext4_get_block" in "fs/ext4/inode.c";
    EXT4_WRITEPAGE = "ext4_writepage" in "fs/ext4/inode.c";
    EXT4_NORMAL_WRITEPAGE = "ext4_normal_writepage" in "fs/ext4/inode.c";
    EXT4_JOURNALLED_WRITEPAGE = "ext4_journalled_writepage" in "fs/ext4/inode.c";
    EXT4_JOURNALLED_WRITEPAGE_INNER = "__ext4_journalled_writepage" in "fs/ext4/inode.c";
    EXT4_JOURNALLED_SET_PAGE_DIRTY = "ext4_journalled_set_page_dirty" in "fs/ext4/inode.c";
    EXT4_INVALIDATEPAGE = "ext4_invalidatepage" in "fs/ext4/inode.c";
    NOALLOC_GET_BLOCK_WRITE = "noalloc_get_block_write" in "fs/ext4/inode.c";
    DO_JOURNAL_GET_WRITE_ACCESS = "do_journal_get_write_access" in "fs/ext4/inode.c";
    WALK_PAGE_BUFFERS = "walk_page_buffers" in "fs/ext4/inode.c";
    WRITE_END_FN = "write_end_fn" in "fs/ext4/inode.c";
}
