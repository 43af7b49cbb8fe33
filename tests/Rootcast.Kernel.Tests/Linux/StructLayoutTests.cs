using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Rootcast.Linux.Block;
using Rootcast.Linux.Events;
using Rootcast.Linux.Files;
using Rootcast.Linux.Libraries;
using Rootcast.Linux.Native;

namespace Rootcast.Tests;

/// <summary>Our structures against those of the C compiler and headers on this machine.</summary>
public sealed class StructLayoutTests
{
    private const string Headers = """
        #define _GNU_SOURCE
        #include <stddef.h>
        #include <stdio.h>
        #include <poll.h>
        #include <time.h>
        #include <sys/stat.h>
        #include <sys/vfs.h>
        #include <sys/socket.h>
        #include <linux/netlink.h>
        #include <linux/loop.h>
        #include <linux/dm-ioctl.h>
        #include <linux/fs.h>
        #include <linux/fiemap.h>
        #include <spawn.h>
        #include <signal.h>
        #include <zstd.h>
        #include <openssl/sha.h>

        """;

    [Fact]
    public void Sizes_and_offsets_are_those_of_C()
    {
        Host.Needs("cc");
        List<(string C, int Ours)> checks =
        [
            .. Fields<Libc.PollDescriptor>("struct pollfd", "fd", "events", "revents"),
            .. Fields<Libc.TimeValue>("struct timespec", "tv_sec", "tv_nsec"),
            .. Fields<StatxLayout>(
                "struct statx",
                ["stx_mask", "stx_nlink", "stx_uid", "stx_gid", "stx_mode", "stx_ino", "stx_size", "stx_blocks", "stx_mtime"]
            ),
            .. Fields<StatxLayout>("struct statx", "stx_rdev_major", "stx_rdev_minor", "stx_dev_major", "stx_dev_minor", "stx_mnt_id"),
            .. Fields<StatxLayout.StatxTime>("struct statx_timestamp", "tv_sec", "tv_nsec"),
            .. Fields<StatfsLayout>(
                "struct statfs",
                "f_type",
                "f_bsize",
                "f_blocks",
                "f_bfree",
                "f_bavail",
                "f_files",
                "f_ffree",
                "f_flags"
            ),
            .. Fields<KernelDataCalls.CloneRangeLayout>("struct file_clone_range", "src_fd", "src_offset", "src_length", "dest_offset"),
            .. Fields<FileExtents.HeaderLayout>(
                "struct fiemap",
                "fm_start",
                "fm_length",
                "fm_flags",
                "fm_mapped_extents",
                "fm_extent_count"
            ),
            .. Fields<FileExtents.ExtentLayout>("struct fiemap_extent", "fe_logical", "fe_physical", "fe_length", "fe_flags"),
            .. Fields<LoopDevice.InfoLayout>("struct loop_info64", "lo_offset", "lo_sizelimit", "lo_number", "lo_flags", "lo_file_name"),
            .. Fields<LoopDevice.ConfigLayout>("struct loop_config", "fd", "block_size", "info"),
            .. Fields<DeviceMapperLayout.HeaderLayout>(
                "struct dm_ioctl",
                "version",
                "data_size",
                "data_start",
                "target_count",
                "open_count",
                "flags",
                "event_nr",
                "dev",
                "name",
                "uuid",
                "data"
            ),
            .. Fields<DeviceMapperLayout.TargetLayout>("struct dm_target_spec", "sector_start", "length", "status", "next", "target_type"),
            .. Fields<UeventSocket.AddressLayout>("struct sockaddr_nl", "nl_family", "nl_pid", "nl_groups"),
            .. Fields<ZstdLibrary.InBuffer>("ZSTD_inBuffer", "src", "size", "pos"),
            .. Fields<ZstdLibrary.OutBuffer>("ZSTD_outBuffer", "dst", "size", "pos"),
            ("(FICLONE)", 0x40049409),
            ("(FICLONERANGE)", 0x4020940d),
            ("(int)(FS_IOC_FIEMAP)", unchecked((int)0xc020660b)),
            ("(LOOP_CONFIGURE)", 0x4C0A),
            ("(int)(DM_DEV_CREATE)", unchecked((int)DeviceMapperLayout.DM_DEV_CREATE)),
            ("(int)(DM_DEV_REMOVE)", unchecked((int)DeviceMapperLayout.DM_DEV_REMOVE)),
            ("(int)(DM_DEV_SUSPEND)", unchecked((int)DeviceMapperLayout.DM_DEV_SUSPEND)),
            ("(int)(DM_DEV_STATUS)", unchecked((int)DeviceMapperLayout.DM_DEV_STATUS)),
            ("(int)(DM_TABLE_LOAD)", unchecked((int)DeviceMapperLayout.DM_TABLE_LOAD)),
            ("(int)(DM_TABLE_STATUS)", unchecked((int)DeviceMapperLayout.DM_TABLE_STATUS)),
            ("(DM_READONLY_FLAG)", (int)DeviceMapperLayout.DM_READONLY_FLAG),
            ("(DM_SUSPEND_FLAG)", (int)DeviceMapperLayout.DM_SUSPEND_FLAG),
            ("(DM_BUFFER_FULL_FLAG)", (int)DeviceMapperLayout.DM_BUFFER_FULL_FLAG),
            ("(LO_FLAGS_DIRECT_IO)", 16),
        ];
        Assert.Equal(checks.Select(check => $"{check.C} {check.Ours}"), Compile(checks.Select(check => check.C)));
    }

    [Fact]
    public void What_is_reserved_for_opaque_structures_is_enough()
    {
        Host.Needs("cc");
        string[] sizes = Compile([
            "sizeof(posix_spawnattr_t)",
            "sizeof(posix_spawn_file_actions_t)",
            "sizeof(sigset_t)",
            "sizeof(SHA256_CTX)",
        ]);
        int[] reserved = [512, 256, 128, 128];
        for (int i = 0; i < sizes.Length; i++)
        {
            int needed = int.Parse(sizes[i][(sizes[i].LastIndexOf(' ') + 1)..]);
            Assert.True(needed <= reserved[i], sizes[i]);
        }
    }

    private static IEnumerable<(string C, int Ours)> Fields<T>(string type, params string[] fields)
        where T : unmanaged =>
        fields
            .Select(field => ($"offsetof({type}, {field})", (int)Marshal.OffsetOf<T>(field)))
            .Append(($"sizeof({type})", Unsafe.SizeOf<T>()));

    private static string[] Compile(IEnumerable<string> expressions)
    {
        string directory = Directory.CreateTempSubdirectory("rootcast-layout").FullName;
        try
        {
            StringBuilder program = new(Headers + "int main(void) {\n");
            foreach (string expression in expressions)
            {
                program.Append($"    printf(\"%s %d\\n\", \"{expression}\", (int)({expression}));\n");
            }
            string source = Path.Combine(directory, "layout.c");
            string binary = Path.Combine(directory, "layout");
            File.WriteAllText(source, program + "    return 0;\n}\n");
            Host.Run("cc", "-w", "-o", binary, source);
            return Host.Run(binary).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
