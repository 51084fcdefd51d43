using System.Diagnostics;
using System.Reflection;
using System.Reflection.Emit;
using ParkingSaaS.Core.Tariffs.Engine;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>Nothing beneath Tariffs.Engine waits, stores, logs or asks for the time: read out of the compiled code.</summary>
public sealed class EnginePurityTests
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    // Everything the engine may name; what is pure but new is added here with a thought.
    private static readonly string[] Allowed =
    [
        "System", "System.Collections.Generic", "System.Diagnostics.CodeAnalysis", "System.Linq", "System.Runtime.CompilerServices",
        "System.Text", "System.Text.Json.Serialization",
        "ParkingSaaS.Core.Common", "ParkingSaaS.Core.Tariffs", "ParkingSaaS.Core.Tariffs.Engine",
    ];

    // Beside it stand clocks and processes.
    private static readonly Type AllowedAlone = typeof(UnreachableException);

    // In an allowed namespace, and yet not.
    private static readonly Type[] Forbidden =
        [typeof(TimeProvider), typeof(Random), typeof(Environment), typeof(Console), typeof(GC)];

    private static readonly OpCode[] OneByte = new OpCode[256], TwoByte = new OpCode[256];

    static EnginePurityTests()
    {
        foreach (var code in typeof(OpCodes).GetFields().Select(f => (OpCode)f.GetValue(null)!))
            (code.Size == 1 ? OneByte : TwoByte)[(byte)code.Value] = code;
    }

    [Fact]
    public void The_engine_is_pure()
    {
        var types = typeof(FeeEngine).Assembly.GetTypes().Where(t => t.Namespace == typeof(FeeEngine).Namespace).ToList();
        Assert.Contains(typeof(FeeEngine), types);
        Assert.Empty(types.SelectMany(Impurities).Distinct());
    }

    [Fact]
    public void What_is_impure_is_found()
    {
        var found = Impurities(typeof(Impure)).ToList();
        Assert.Contains(found, f => f.Contains("Task"));
        Assert.Contains(found, f => f.Contains("TimeProvider"));
        Assert.Contains(found, f => f.Contains("get_Now"));
    }

    private static IEnumerable<string> Impurities(Type type)
    {
        var members = type.GetMembers(Declared);
        var named = members.OfType<FieldInfo>().Select(f => f.FieldType).Cast<MemberInfo>()
            .Concat(members.OfType<MethodBase>().SelectMany(Named));
        return named.Where(IsImpure).Select(m => $"{type.Name} names {m.DeclaringType}.{m.Name}");
    }

    private static bool IsImpure(MemberInfo member)
    {
        var type = member as Type ?? member.DeclaringType!;
        while (type.HasElementType)
            type = type.GetElementType()!;
        if (type.IsGenericParameter || type == AllowedAlone)
            return false;
        // What the compiler makes for itself has no namespace.
        if (type.Namespace is not null && !Allowed.Contains(type.Namespace) || Forbidden.Contains(type))
            return true;
        return (type == typeof(DateTime) || type == typeof(DateTimeOffset)) && member.Name is "get_Now" or "get_UtcNow" or "get_Today"
            || type == typeof(TimeZoneInfo) && member.Name == "get_Local";
    }

    private static IEnumerable<MemberInfo> Named(MethodBase method)
    {
        foreach (var parameter in method.GetParameters())
            yield return parameter.ParameterType;
        if (method is MethodInfo { ReturnType: var result })
            yield return result;
        if (method.GetMethodBody() is not { } body)
            yield break;
        foreach (var local in body.LocalVariables)
            yield return local.LocalType;
        var il = body.GetILAsByteArray()!;
        for (var at = 0; at < il.Length;)
        {
            var code = il[at] == 0xFE ? TwoByte[il[at + 1]] : OneByte[il[at]];
            at += code.Size;
            if (code.OperandType
                is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
                yield return method.Module.ResolveMember(
                    BitConverter.ToInt32(il, at),
                    method.DeclaringType!.GetGenericArguments(),
                    method.IsGenericMethod ? method.GetGenericArguments() : null)!;
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

    private static class Impure
    {
        public static Task Later(TimeProvider clock) => Task.FromResult(clock.GetUtcNow());

#pragma warning disable RS0030 // it is what the test must find
        public static DateTime Now() => DateTime.Now;
#pragma warning restore RS0030
    }
}
