using Rootcast.Formats.Elf;
using Rootcast.Init.Handover;

namespace Rootcast.Tests;

public sealed class ShutdownProgramTests
{
    [Fact]
    public void It_is_a_static_program_of_less_than_a_page()
    {
        byte[] file = ShutdownProgram.File();
        Assert.InRange(file.Length, 1, 4096);
        ElfFile elf = ElfFile.Read(file);
        Assert.True(elf.Is64Bit);
        Assert.Equal(62, elf.Machine);
        Assert.Null(elf.Interpreter);
        Assert.Empty(elf.Needed);
    }
}
