namespace Parley.Server.Demo;

/// <summary>What the demo school has said before anybody signs in. Handles, then the lines in turn.</summary>
internal static class DemoTalk
{
    public static readonly IReadOnlyList<(string Staff, string Student, string[] Lines)> Pairs =
    [
        ("anna", "ben",
        [
            "Hi Ben, I saw you missed the lab on Tuesday. Is everything all right?",
            "Hello Ms Lindqvist, sorry, I had the dentist. I told the office.",
            "They did not pass it on. No harm done.",
            "Can I still hand in the report?",
            "Yes, until Friday noon. Use the template in the course folder.",
            "Thank you! I’ll send it tomorrow.",
        ]),
        ("anna", "amara",
        [
            "Amara, your essay on tides was a pleasure to read.",
            "Thank you so much! I was not sure about the last part.",
            "The last part was the best part 🙂",
        ]),
        ("anna", "zoe",
        [
            "Bonjour Zoë, tu peux passer me voir jeudi ?",
            "Oui madame, à quelle heure ?",
            "14 h, salle 12.",
        ]),
        ("joseph", "ben", ["Training moves to 16:30 this week.", "Got it, coach."]),
        ("joseph", "kenji",
        [
            "Kenji, are you joining the chess club trip?",
            "はい、行きたいです!",
            "Great, I have put you on the list.",
        ]),
        ("mei", "priya", ["I have asked the office to move you to biology.", "Thank you so much, Ms Tanaka!"]),
        ("mei", "tariq",
        [
            "The timetable page works again now, please try.",
            "Thank you, it does!",
        ]),
    ];

    public static readonly IReadOnlyList<string> ClassRoom =
    [
        "Welcome to the room of 10A. Questions about homework go here.",
        "Is the maths test on Monday or on Tuesday?",
        "On Tuesday. Chapters 3 and 4.",
        "Thanks!",
        "Can we use calculators?",
        "For the second part only.",
    ];
}
