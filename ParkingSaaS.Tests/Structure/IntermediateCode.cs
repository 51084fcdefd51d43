using System.Reflection.Emit;

namespace ParkingSaaS.Tests.Structure;

/// <summary>Walks over compiled method bodies.</summary>
static class IntermediateCode
{
    static readonly OpCode[] OneByte = new OpCode[256], TwoByte = new OpCode[256];

    static IntermediateCode()
    {
        foreach (var code in typeof(OpCodes).GetFields().Select(f => (OpCode)f.GetValue(null)!))
            (code.Size == 1 ? OneByte : TwoByte)[(byte)code.Value] = code;
    }

    /// <summary>The tokens of the types, methods and fields that a body names.</summary>
    public static IEnumerable<int> Tokens(byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            var code = il[at] == 0xFE ? TwoByte[il[at + 1]] : OneByte[il[at]];
            at += code.Size;
            if (code.OperandType
                is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
                yield return BitConverter.ToInt32(il, at);
            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
                _ => 4,
            };
        }
    }
}
