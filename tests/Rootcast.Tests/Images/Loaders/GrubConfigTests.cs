using Rootcast.Contract;
using Rootcast.Images.Loaders;

namespace Rootcast.Tests;

public class GrubConfigTests
{
    [Fact]
    public void AMenuIsAsTheTextSays()
    {
        string text = GrubConfig.Text([
            new BootEntry(
                "try's, squashfs",
                "/boot/vmlinuz",
                "/boot/initrd.img",
                KernelArguments.Parse("quiet a=\"b c\" console=ttyS1,115200n8")
            ),
            new BootEntry("try, tmpfs", "/boot/vmlinuz", "/boot/initrd.img", KernelArguments.Parse("rootcast.form=tmpfs")),
        ]);
        Assert.Equal(
            """
            # Written by rootcast.
            if serial --unit=1 --speed=115200; then
              terminal_input console serial
              terminal_output console serial
            fi
            insmod all_video
            set default=0
            set timeout=3
            menuentry 'try'\''s, squashfs' {
              linux '/boot/vmlinuz' 'quiet' 'a=b c' 'console=ttyS1,115200n8'
              initrd '/boot/initrd.img'
            }
            menuentry 'try, tmpfs' {
              linux '/boot/vmlinuz' 'rootcast.form=tmpfs'
              initrd '/boot/initrd.img'
            }

            """,
            text
        );
    }

    [Theory]
    [InlineData("a=it's")]
    [InlineData("a=b\\c")]
    public void WhatGrubWouldChangeIsRefused(string argument)
    {
        UserError error = Assert.Throws<UserError>(() =>
            GrubConfig.Text([new BootEntry("x", "/k", "/i", KernelArguments.Parse(argument))])
        );
        Assert.Contains(argument, error.Message, StringComparison.Ordinal);
    }
}
