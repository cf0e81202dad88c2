from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0006_erasing"),
    ]

    operations = [
        migrations.AlterField(
            model_name="operation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sale", "Sale"),
                    ("payment", "Payment"),
                    ("refund", "Refund"),
                    ("void", "Sale voided"),
                    ("forfeit", "Deposit forfeited"),
                    ("adjust", "Changed by hand"),
                    ("enrol", "Joined"),
                    ("activate", "Account activated"),
                    ("welcome", "Welcome bonus"),
                    ("burn", "Points burned"),
                    ("level", "Level changed"),
                    ("booking", "Visit"),
                    ("booking_reversal", "Visit taken back"),
                    ("referral", "Referral"),
                    ("reward", "Reward taken"),
                    ("reward_reversal", "Reward given back"),
                    ("gift_card_issue", "Gift card issued"),
                    ("gift_card_activate", "Gift card activated"),
                    ("gift_card_reversal", "Gift card taken back"),
                    ("gift_card_block", "Gift card blocked"),
                    ("gift_card_unblock", "Gift card unblocked"),
                    ("gift_card_close", "Gift card closed"),
                    ("carry_over", "Carried over"),
                    ("merge", "Two customers merged"),
                    ("write_off", "Debt written off"),
                    ("erase", "Customer erased"),
                    ("import", "Imported"),
                ],
                max_length=24,
            ),
        ),
    ]
