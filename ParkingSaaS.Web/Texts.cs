namespace ParkingSaaS.Web;

/// <summary>The texts of all screens. The English sentence is the key; <c>Texts.zh.resx</c> holds the Chinese, and a test finds
/// what is missing there or no longer used. Codes (<c>role.city</c>, <c>orders.already-paid</c>) have their English in
/// <c>Texts.resx</c>, and so have texts with a count, for one and for more (<see cref="Shell.CountedTexts"/>).</summary>
public sealed class Texts;
