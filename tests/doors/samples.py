"""Pages filled with what the pictures show, for the tests of the doors."""

from regulars.reports import account_pages as shown
from regulars.site.own import pages

MINUS = "\N{MINUS SIGN}"

ZARYA = pages.Business("Zarya", "zarya", "bonuses", "sunrise")
LINDE = pages.Business("Salon Linde", "salon-linde", "points", "leaf")
KILN = pages.Business("Kiln Lane", "kiln-lane", "points", "amphora")

IRINA = pages.Member(
    "Irina Sokolova", "IS", "Silver", "4402 1187 0936", "245", worth="245 ₽", owed=None
)

HISTORY = (
    shown.Entry(
        "Bar and a ticket",
        "8% of 200.00 ₽ and 5% of 290.00 ₽",
        "+30",
        "14 Nov",
        waiting=True,
        badge=shown.Badge("To come", "clock"),
        details=(
            shown.Detail("Popcorn, caramel, large, 120.00 ₽", "8% of 120.00 ₽", "9.60"),
            shown.Detail("Cola, 0.5 l, 80.00 ₽", "8% of 80.00 ₽", "6.40"),
            shown.Detail("Winter Garden, 290.00 ₽", "5% of 290.00 ₽", "14.50"),
            shown.Detail("The Quiet Sea, 200.00 ₽", "Nothing: the film is under a memorandum", "0"),
            shown.Detail("Together", "30.50, rounded down once", "30"),
        ),
    ),
    shown.Entry("Paid with bonuses", "12.00 ₽ of 1,240.00 ₽", f"{MINUS}12", "7 Nov"),
    shown.Entry(
        "A gift from Zarya", "Sorry about the projector on Sunday", "+100", "3 Nov", gained=True
    ),
    shown.Entry(
        "Silver",
        "15 visits in 30 days",
        "",
        "1 Nov",
        badge=shown.Badge("New level", "star", "accent"),
    ),
    shown.Entry("Burned", "Not used within 180 days", f"{MINUS}40", "30 Oct"),
)

LOTS = (
    shown.Lot(
        "60", "100", "Bar", "6 Jun", until="3 Dec", relative="in 12 days", soon=True
    ),
    shown.Lot("85", "85", "Two tickets", "2 Aug", until="29 Jan 2027", relative="in 69 days"),
    shown.Lot("100", "100", "A gift from Zarya", "3 Nov"),
    shown.Lot(
        "30", "30", "Bar and a ticket", "14 Nov",
        usable_from="24 Nov", until="13 May 2027", relative="in 3 days",
    ),
)  # fmt: skip

FULL = pages.MemberPage(
    business=ZARYA,
    member=IRINA,
    to_come=shown.Soon("30", "24 Nov", "in 3 days"),
    expiring=shown.Soon("60", "3 Dec", "in 12 days"),
    progress=shown.Progress(
        "6 more visits to Gold", 14, 20, "Within 30 days. Or spend 3,720 ₽ more."
    ),
    lots=LOTS,
    history=HISTORY,
    pager=shown.Pager("1\N{EN DASH}5 of 41", next_url="?page=2"),
)
EMPTY = pages.MemberPage(KILN, pages.Member("Tom Whitlock", "TW", "", "", "0"))
OWING = pages.MemberPage(
    LINDE,
    pages.Member("Heike Vogt", "HV", "", "2031 884", "1,204,318", owed="12"),
    to_come=shown.Soon("80", "24 Nov", "in 3 days"),
    progress=shown.Progress("€120 more to Gold", 18_000, 30_000, "Within 90 days."),
    lots=LOTS[1:3],
    history=HISTORY[1:3],
)
START = pages.StartPage(
    (
        pages.DemoBusiness(
            KILN,
            "studio",
            "A pottery studio",
            "Bristol",
            "Every class that has ended brings its points; 150 of them are a gift card of £15.",
            (
                pages.WayIn(
                    "/s/kiln-lane/1/", "Nora Ashby", "NA", "Six classes this autumn", "180"
                ),
                pages.WayIn("/s/kiln-lane/2/", "Tom Whitlock", "TW", "Joined this week", "0"),
            ),
        ),
        pages.DemoBusiness(
            LINDE,
            "salon",
            "A hair salon",
            "Leipzig",
            "1 point per euro for services, 2 for products; rewards instead of discounts.",
            (
                pages.WayIn("/s/salon-linde/1/", "Heike Vogt", "HV", "Regular since 2024", "1,168"),
                pages.WayIn("/s/salon-linde/2/", "Jana Brandt", "JB", "Referred by Heike", "82"),
            ),
        ),
        pages.DemoBusiness(
            ZARYA,
            "cinema",
            "A cinema with a bar",
            "Yekaterinburg",
            "Cashback of 1 to 8 % by level; up to 30 % of the bar can be paid with bonuses.",
            (
                pages.WayIn("/s/zarya/1/", "Irina Sokolova", "IS", "Silver", "245"),
                pages.WayIn("/s/zarya/2/", "Timur Akhmetov", "TA", "Gold", "1,406"),
                pages.WayIn("/s/zarya/3/", "Olga Lebedeva", "OL", "Basic", "100"),
            ),
        ),
    )
)
