"""Many times are read under the part of the day that they fall in."""

from kitchenasty.reserving.offered import FEW, parts_of_day

ROUND_THE_CLOCK = [f"{hour % 24:02d}:{minute}" for hour in range(6, 30) for minute in ("00", "30")]


def test_a_few_times_need_no_headings() -> None:
    evening = ["17:30", "18:00", "18:30"]
    assert parts_of_day(evening) == [("", evening)]
    assert parts_of_day([]) == [("", [])]


def test_each_time_of_a_long_day_is_under_its_part_in_the_order_of_the_day() -> None:
    found = parts_of_day(ROUND_THE_CLOCK)
    assert [shown for _, times in found for shown in times] == ROUND_THE_CLOCK
    assert [(words, times[0], times[-1]) for words, times in found] == [
        ("Morning", "06:00", "10:30"),
        ("Midday", "11:00", "14:30"),
        ("Afternoon", "15:00", "16:30"),
        ("Evening", "17:00", "22:30"),
        ("Night", "23:00", "04:30"),
        ("Morning", "05:00", "05:30"),
    ]


def test_a_lunch_and_an_evening_are_two_groups() -> None:
    noon = [f"{hour}:{minute}" for hour in (11, 12, 13) for minute in ("00", "15", "30", "45")]
    found = parts_of_day([*noon, "19:00"])
    assert len(noon) == FEW
    assert found == [("Midday", noon), ("Evening", ["19:00"])]
