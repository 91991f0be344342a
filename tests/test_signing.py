import hashlib
import hmac
import random

import pytest
from itsdangerous import BadSignature, TimestampSigner

from awards.signing import Mac, Signer

OLD, NEW = "an-older-key-0123456789abcdefghij", "the-newest-key-0123456789abcdefg"


@pytest.mark.parametrize("length", [0, 1, 32, 63, 64, 65, 200])
def test_a_mac_is_the_hmac_of_the_standard_library(length: int) -> None:
    chance = random.Random(length)  # noqa: S311 - to be repeated, not to be secret
    key = chance.randbytes(length)
    mac = Mac(key)

    for size in (0, 1, 55, 56, 64, 500):
        message = chance.randbytes(size)
        assert mac(message) == hmac.digest(key, message, hashlib.sha256)


def test_itsdangerous_reads_what_we_sign() -> None:
    theirs = TimestampSigner(
        [OLD, NEW], salt="haoren.form", digest_method=hashlib.sha256, key_derivation="django-concat"
    )
    signed = Signer([OLD, NEW], "form").write("words.of.ours")

    assert theirs.unsign(signed) == b"words.of.ours"
    assert Signer([OLD, NEW], "form").read(theirs.sign("theirs").decode())[0] == "theirs"


def test_every_key_verifies_and_the_newest_signs() -> None:
    both = Signer([OLD, NEW], "form")

    assert both.read(Signer([OLD], "form").write("x"))[0] == "x"
    assert Signer([NEW], "form").read(both.write("x"))[0] == "x"
    with pytest.raises(BadSignature):
        Signer([OLD], "form").read(both.write("x"))


def test_a_signature_serves_one_purpose() -> None:
    with pytest.raises(BadSignature):
        Signer([NEW], "receipt").read(Signer([NEW], "form").write("x"))


def test_no_other_spelling_of_a_signature_is_taken() -> None:
    signer = Signer([NEW], "form")
    text = signer.write("x")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    for sign in set(alphabet) - {text[-1]}:
        with pytest.raises(BadSignature):
            signer.read(text[:-1] + sign)
    for other in ("", ".", "x", text + "=", text + ".", "好" + text, text.replace(".", "..", 1)):
        with pytest.raises(BadSignature):
            signer.read(other)
