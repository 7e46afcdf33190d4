"""Why a file cannot be read, in words that say what to do next, Chinese first."""

from __future__ import annotations


class UnreadableFile(Exception):
    """A file that gives no text; the base of all failures of this package.

    `message` is Chinese and for the screen, `message_en` its English form. Both are safe to show.
    """

    message = "文件打不开。请换一个文件再试。"
    message_en = "The file cannot be opened. Try another file."

    def __init__(self, message: str | None = None, message_en: str | None = None) -> None:
        """Keep the messages; without arguments those of the class are used."""
        self.message = message or type(self).message
        self.message_en = message_en or type(self).message_en
        super().__init__(self.message)


class EmptyFile(UnreadableFile):
    """Nothing, or nothing but white space."""

    message = "文件是空的。请选有内容的文件。"
    message_en = "The file is empty. Choose a file with content."


class TooLarge(UnreadableFile):
    """More bytes, parts or text than a government report ever has."""

    message = "文件超过40MB。请去掉大图片，或拆成几个文件。"
    message_en = "The file is over 40 MB. Remove large pictures or split it."


class UnknownType(UnreadableFile):
    """Neither text, Markdown, Word nor PDF."""

    message = "认不出这种文件。请换Word（docx）、PDF、txt或md。"
    message_en = "This kind of file is not known. Use Word (docx), PDF, txt or md."


class OldWord(UnknownType):
    """A Word file of before 2007."""

    message = "这是旧版Word（doc）。请用Word或WPS另存为docx。"
    message_en = "This is an old Word file (doc). Save it as docx first."


class ScannedImages(UnreadableFile):
    """A PDF of pictures, without a text layer."""

    message = "文件是扫描图片，读不出字。请换Word或可复制文字的PDF。"
    message_en = (
        "The file is a scan and holds no text. Use Word or a PDF whose text can be copied."
    )


class BrokenFile(UnreadableFile):
    """The structure is damaged."""

    message = "文件损坏，打不开。请在Word或WPS里打开并另存一份。"
    message_en = "The file is damaged. Open it in Word or WPS and save a copy."


class EncryptedFile(UnreadableFile):
    """A password stands before the text."""

    message = "文件有密码。请去掉密码再传。"
    message_en = "The file has a password. Remove it and try again."


class SuspiciousFile(UnreadableFile):
    """Small on disk, huge when unpacked, or with declarations that no office document needs."""

    message = "文件结构异常，没有打开。请在Word里另存一份再试。"
    message_en = "The structure of the file is abnormal and it was not opened. Save a copy from Word and try again."


class TooSlow(UnreadableFile):
    """Reading needed more time or memory than allowed."""

    message = "文件太复杂，读取超时。请拆小，或复制文字粘贴进来。"
    message_en = "The file is too complex to read in time. Split it, or paste its text."


class BadEncoding(UnreadableFile):
    """Bytes that are neither UTF-8 nor GB 18030 text."""

    message = "文字编码认不出。请另存为UTF-8编码的文本。"
    message_en = "The text encoding is not known. Save it as UTF-8."


ALL = {
    kind.__name__: kind
    for kind in (
        UnreadableFile,
        EmptyFile,
        TooLarge,
        UnknownType,
        OldWord,
        ScannedImages,
        BrokenFile,
        EncryptedFile,
        SuspiciousFile,
        TooSlow,
        BadEncoding,
    )
}
