using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Imports;

/// <summary>What is wrong with a cell.</summary>
/// <param name="Cell">Its place as spreadsheets name it: <c>C7</c>.</param>
public sealed record BadCell(string Cell, Error Problem);

/// <summary>Cells of the file are wrong; nothing was saved.</summary>
public sealed record BadCells(IReadOnlyList<BadCell> Cells) : Error("import.bad-cells", Cells.Count);

/// <summary>What is there is no longer what it was when the changes were shown; nothing was saved.</summary>
/// <param name="Now">What the import would do now.</param>
public sealed record ImportChanged(ImportPlan Now) : Error("import.changed");

/// <summary>The file has more rows than are read at once.</summary>
public sealed record TooManyRows(int Max) : Error("import.too-many-rows", Max);

/// <summary>There is no row below the heading.</summary>
public sealed record NoRows() : Error("import.no-rows");

/// <summary>The heading lacks columns without which nothing can be said.</summary>
/// <param name="Titles">The keys of their titles.</param>
public sealed record MissingColumns(TextKeys Titles) : Error("import.missing-columns", Titles);

/// <summary>The first row names none of the columns, so it is no heading.</summary>
/// <param name="Titles">The keys of the titles that there are.</param>
public sealed record HeadingMissing(TextKeys Titles) : Error("import.heading-missing", Titles);

/// <summary>No column is called that.</summary>
/// <param name="Titles">The keys of the titles that there are.</param>
public sealed record UnknownColumn(string Text, TextKeys Titles) : Error("import.unknown-column", Text, Titles);

/// <summary>The heading names a column twice.</summary>
public sealed record RepeatedColumn(string Text) : Error("import.repeated-column", Text);

/// <summary>A cell stands below no heading.</summary>
public sealed record NoHeading(string Text) : Error("import.no-heading", Text);

/// <summary>A word that is none of those which may stand there.</summary>
/// <param name="Field">The column's.</param>
/// <param name="Words">The keys of those that may.</param>
public sealed record NotOneOf(string Field, string Text, TextKeys Words) : Error("import.not-one-of", Field, Text, Words);

/// <summary>Nothing in use within the actor's reach has that name.</summary>
/// <param name="Field">The column's.</param>
public sealed record UnknownName(string Field, string Text) : Error("import.unknown-name", Field, Text);

/// <summary>The file was opened for one lot, and the line names another.</summary>
/// <param name="Name">The lot of the file.</param>
public sealed record OtherLot(string Text, string Name) : Error("import.other-lot", Text, new GivenName(Name));

/// <summary>Several have that name.</summary>
/// <param name="Field">The column's.</param>
public sealed record AmbiguousName(string Field, string Text) : Error("import.ambiguous-name", Field, Text);

/// <summary>No number can be read there.</summary>
/// <param name="Field">The column's.</param>
public sealed record NoNumber(string Field, string Text) : Error("import.no-number", Field, Text);

/// <summary>An earlier line is about the same.</summary>
/// <param name="Line">That line.</param>
public sealed record RepeatedLine(string Text, int Line) : Error("import.repeated-line", Text, Line);

/// <summary>What is there already cannot change in this.</summary>
/// <param name="Field">The column's.</param>
public sealed record CannotChange(string Field) : Error("import.cannot-change", Field);
