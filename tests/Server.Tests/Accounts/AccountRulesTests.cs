using Parley.Contract;
using Parley.Server.Accounts;

namespace Parley.Server.Tests.Accounts;

public sealed class AccountRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("password1")]
    [InlineData("Password123")]
    [InlineData("qwertyuiop")]
    [InlineData("11111111")]
    [InlineData("short")]
    [InlineData("my-name-is-anna.k")]
    [InlineData("Kowalska-forever")]
    public void A_password_that_is_guessed_first_is_weak(string password) =>
        Assert.Equal(RefusalCode.WeakPassword, AccountRules.WhyNotPassword(password, "anna.k", "Anna Kowalska")?.Code);

    [Theory]
    [InlineData("four unrelated words here")]
    [InlineData("пароль из слов")]
    [InlineData("x9!kQm2p")]
    public void A_good_password_is_taken(string password) =>
        Assert.Null(AccountRules.WhyNotPassword(password, "anna.k", "Anna Kowalska"));

    [Fact]
    public void A_password_has_8_to_256_characters()
    {
        Assert.NotNull(AccountRules.WhyNotPassword("x9!kQm2", "anna", "Anna"));
        Assert.Null(AccountRules.WhyNotPassword(new string('x', 250) + "y9!kQm", "anna", "Anna"));
        Assert.NotNull(AccountRules.WhyNotPassword(new string('x', 250) + "y9!kQm2", "anna", "Anna"));
    }

    [Theory]
    [InlineData("ab", true)]
    [InlineData("4b.c-d_e", true)]
    [InlineData("a", false)]
    [InlineData(".ab", false)]
    [InlineData("a b", false)]
    [InlineData("ä1", false)]
    public void A_handle_is_2_to_40_plain_characters(string handle, bool isOne) =>
        Assert.Equal(isOne, AccountRules.IsHandle(handle));

    [Fact]
    public void AU1_The_tenth_failure_in_a_quarter_of_an_hour_locks()
    {
        var tries = new SignInTries(0, Now, null);
        for (var i = 1; i <= 9; i++)
            tries = AccountRules.Count(tries, Now.AddMinutes(i));
        Assert.Null(tries.LockedUntil);

        tries = AccountRules.Count(tries, Now.AddMinutes(14));
        Assert.Equal(900, AccountRules.WhyLockedOut(tries, Now.AddMinutes(14))?.RetryAfterSeconds);
        Assert.Null(AccountRules.WhyLockedOut(tries, Now.AddMinutes(29)));
        Assert.Equal(1, AccountRules.Count(tries, Now.AddMinutes(29)).Failures);
    }

    [Fact]
    public void AU1_Failures_older_than_the_window_do_not_count()
    {
        var tries = AccountRules.Count(new(9, Now, null), Now.AddMinutes(15));
        Assert.Equal((1, null), (tries.Failures, tries.LockedUntil));
    }

    [Fact]
    public void AU3_Only_the_preceding_token_is_answered_again_and_only_for_ten_seconds()
    {
        Assert.Equal(RefreshVerdict.Rotate, AccountRules.Judge(5, 5, Now, Now.AddDays(3)));
        Assert.Equal(RefreshVerdict.Repeat, AccountRules.Judge(4, 5, Now, Now.AddSeconds(10)));
        Assert.Equal(RefreshVerdict.Revoke, AccountRules.Judge(4, 5, Now, Now.AddSeconds(10.001)));
        Assert.Equal(RefreshVerdict.Revoke, AccountRules.Judge(3, 5, Now, Now));
    }

    [Fact]
    public void A_session_ends_30_days_after_its_last_refresh_and_90_after_its_first_sign_in()
    {
        Assert.Equal(Now.AddDays(40), AccountRules.SessionEnd(Now, Now.AddDays(10)));
        Assert.Equal(Now.AddDays(90), AccountRules.SessionEnd(Now, Now.AddDays(80)));
    }
}
