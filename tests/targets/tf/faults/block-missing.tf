# caught by: validate
# says: Insufficient default_cache_behavior blocks
resource "aws_cloudfront_distribution" "this" {
  enabled = true

  origin {
    domain_name = "example.com"
    origin_id   = "one"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}
