using System.Runtime.InteropServices;

namespace Rootcast.Linux.Native;

internal static unsafe partial class Libc
{
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int mount(byte* source, byte* target, byte* type, nuint flags, byte* data);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int umount2(byte* target, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int execve(byte* path, byte** arguments, byte** environment);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int chroot(byte* path);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int chdir(byte* path);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int waitpid(int process, int* status, int options);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int kill(int process, int signal);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int reboot(int command);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial void sync();

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int tcdrain(SafeHandle terminal);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial uint umask(uint mask);

    [LibraryImport(Name)]
    internal static partial int posix_spawn(
        int* process,
        byte* path,
        void* actions,
        void* attributes,
        byte** arguments,
        byte** environment
    );

    [LibraryImport(Name)]
    internal static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport(Name)]
    internal static partial int posix_spawn_file_actions_addopen(void* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport(Name)]
    internal static partial int posix_spawn_file_actions_adddup2(void* actions, int from, int to);

    [LibraryImport(Name)]
    internal static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_setsigmask(void* attributes, void* signals);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_setsigdefault(void* attributes, void* signals);

    [LibraryImport(Name)]
    internal static partial int sigemptyset(void* signals);

    [LibraryImport(Name)]
    internal static partial int sigfillset(void* signals);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int sigprocmask(int how, void* signals, void* old);

    [LibraryImport(Name)]
    internal static partial nint signal(int number, nint handler);
}
