// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLatin1StringView>
#include <QString>

#include <gumbo.h>

namespace satchel::mime {

/// What becomes of an element.
enum class ElementFate {
    Keep, ///< it is written again, with its allowed attributes
    Unwrap, ///< its content stays, the tags go
    Drop, ///< it goes with all that is in it
};

struct ElementRule {
    ElementFate fate = ElementFate::Unwrap;
    QLatin1StringView name; ///< as it is written
    bool isVoid = false; ///< without content and end tag
};

/// The allow-list of elements. What is not on it is unwrapped, so that no text is lost.
[[nodiscard]] ElementRule ruleFor(const GumboNode *element);

/// The value to write for an allowed attribute; empty to drop it. Addresses and styles are not handled here.
[[nodiscard]] QString allowedAttribute(GumboTag tag, QLatin1StringView name, const QString &value);

/// A text between double quotes or between tags.
[[nodiscard]] QString escapedHtml(QStringView text);

} // namespace satchel::mime
