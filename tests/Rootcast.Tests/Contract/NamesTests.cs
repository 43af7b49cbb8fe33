using Rootcast.Contract;

namespace Rootcast.Tests;

public class NamesTests
{
    [Fact]
    public void EveryFormIsReadBackFromItsName()
    {
        foreach (Form form in Enum.GetValues<Form>())
        {
            Assert.Equal(form, Names.FormOf(Names.Of(form)));
        }
    }
}
