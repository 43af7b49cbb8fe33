using System.Collections;

namespace Rootcast.Contract;

/// <summary>Where the artefact is looked for, in this order: the first carrier that has it wins. Its text is names with commas, or <c>auto</c> for
/// <see cref="Auto"/>. At least one, none twice.</summary>
public sealed class CarrierOrder : IReadOnlyList<Carrier>, IEquatable<CarrierOrder>
{
    private readonly Carrier[] carriers;

    private CarrierOrder(Carrier[] carriers) => this.carriers = carriers;

    /// <summary>In the initrd, on media, at the URL.</summary>
    public static CarrierOrder Auto { get; } = new([Carrier.Initrd, Carrier.Disk, Carrier.Http]);

    /// <inheritdoc/>
    public int Count => carriers.Length;

    /// <inheritdoc/>
    public Carrier this[int index] => carriers[index];

    /// <summary>That one and no other.</summary>
    public static CarrierOrder Only(Carrier carrier) => new([carrier]);

    /// <summary>Those that a condition lets through; null when it lets none.</summary>
    public CarrierOrder? Where(Predicate<Carrier> condition) =>
        Array.FindAll(carriers, condition) is { Length: > 0 } some ? new(some) : null;

    /// <summary>Reads <c>auto</c>, <c>http</c>, <c>initrd,disk</c>; null for anything else.</summary>
    public static CarrierOrder? Parse(string text)
    {
        if (text == "auto")
        {
            return Auto;
        }
        string[] names = text.Split(',');
        Carrier[] found = new Carrier[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            if (Names.CarrierOf(names[i]) is not { } carrier || Array.IndexOf(found, carrier, 0, i) >= 0)
            {
                return null;
            }
            found[i] = carrier;
        }
        return new CarrierOrder(found);
    }

    /// <inheritdoc/>
    public bool Equals(CarrierOrder? other) => other is not null && carriers.AsSpan().SequenceEqual(other.carriers);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CarrierOrder);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Equals(Auto) ? "auto" : string.Join(',', Array.ConvertAll(carriers, Names.Of));

    /// <inheritdoc/>
    public IEnumerator<Carrier> GetEnumerator() => ((IEnumerable<Carrier>)carriers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
