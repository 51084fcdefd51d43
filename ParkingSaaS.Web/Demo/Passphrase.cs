using System.Security.Cryptography;

namespace ParkingSaaS.Web.Demo;

/// <summary>Passwords that a person can read off a screen and type: three words and four digits, some 32 random bits. Enough behind
/// growing delays, for a demo.</summary>
static class Passphrase
{
    static readonly string[] Words =
    [
        .. """
        amber apple april arrow aspen autumn bamboo basil beach berry birch bison bloom breeze bridge bronze cabin candle canyon cedar
        cherry clover cloud cobalt copper coral cotton crane creek crystal daisy delta desert dolphin dune eagle ember falcon fern
        field finch flint forest fox garden garnet ginger glacier grape harbor hazel heron hill honey indigo island ivory jade jasmine
        juniper kite koala lagoon lake lantern laurel lemon lilac lily linen lotus lunar magnet mango maple marble meadow melon mint
        mirror moon moss mountain nectar noble oak ocean olive onyx opal orange orchid otter panda peach pearl pebble pepper pine
        planet plum pond poppy prairie quartz rain raven reef ribbon ridge river robin rose ruby saffron sage sand sierra silver sky
        snow spring spruce star stone storm summer sunset swan tango thyme tiger topaz tulip valley velvet violet walnut water willow
        winter wolf wren zebra
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
    ];

    public static string New() =>
        $"{string.Join('-', RandomNumberGenerator.GetItems<string>(Words, 3))}-{RandomNumberGenerator.GetInt32(1000, 10000)}";
}
